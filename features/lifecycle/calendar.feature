Feature: Edges of the calendar
  First seconds, leap days, years beyond what two digits reach, clocks that step back.

  @LIF-007
  Rule: First second of validity

    @LIF-007/03 @verifier @core @attributes @clock_control @exclusive
    Scenario: in the first second of the first day the licence is valid
      Given a licence that begins tomorrow
      Given the clock of the target stands at the first second of validity
      When the verifier checks the attributes
      Then the result is VALID

    @LIF-007/04 @verifier @core @negative @twin:LIF-007/03 @attributes @clock_control @exclusive
    Scenario: one second earlier the licence is not valid
      Given a licence that begins tomorrow
      Given the clock of the target stands at the last second before validity
      When the verifier checks the attributes
      Then the result is INVALID because of LICENCE_NOT_ACTIVE

  @MD-019
  Rule: Birthdays

    @MD-019/03 @issuer @core
    Scenario: on the 16th birthday the holder is over 16
      Given a licence in the state VALID for the person "16-today"
      When the caller reads the metadata with "metadata.age-flags"
      Then the age flags are right

    @MD-019/04 @issuer @core
    Scenario: one day before the 16th birthday the holder is not over 16
      Given a licence in the state VALID for the person "16-tomorrow"
      When the caller reads the metadata with "metadata.age-flags"
      Then the age flags are right

    @MD-019/05 @issuer @core @clock_control @exclusive
    Scenario: who was born on 29 February is not over 18 on 28 February
      Given a licence in the state VALID for the person "leap-day"
      Given the clock of the target stands on 28 February of the year of the 18th birthday
      When the caller reads the metadata with "metadata.age-flags"
      Then the age flags are right

    @MD-019/06 @issuer @core @clock_control @exclusive
    Scenario: who was born on 29 February is over 18 on 1 March
      Given a licence in the state VALID for the person "leap-day"
      Given the clock of the target stands on 1 March of the year of the 18th birthday
      When the caller reads the metadata with "metadata.age-flags"
      Then the age flags are right

  @MD-010
  Rule: Years

    @MD-010/<nn> @issuer @core
    Scenario Outline: <day> as last day is kept as it was sent
      Given a registered person
      When the issuer issues the licence with "<variation>"
      Then the last day is the one that was sent

      Examples:
        | nn | day        | variation           |
        | 04 | 2049-12-31 | issue.expiring-2049 |
        | 05 | 9999-12-31 | issue.expiring-9999 |
        | 06 | 2050-01-01 | issue.expiring-2050 |

    @MD-010/07 @issuer @core @negative @twin:MD-010/04
    Scenario: the year 1 as last day is refused
      Given a registered person
      When the issuer issues the licence with "issue.expiring-0001"
      Then the request is refused as INVALID_REQUEST
      And the person has no licence

  @COM-019 @wire
  Rule: Fractions of a second

    @COM-019/07 @sharing_service @core @audit
    Scenario: an instant with a fraction of a second is accepted
      Given a licence in the state VALID
      When the auditor searches the audit with "audit.from-fraction"
      Then the request is accepted

  @ATH-007 @wire
  Rule: Nonces and a clock that steps back

    @ATH-007/04 @issuer @security @negative @twin:ATH-007/01 @clock_control @exclusive
    Scenario: a nonce stays used when the clock steps back
      Given a licence in the state VALID
      Given the caller has read the metadata
      Given the clock of the target is one hour back
      When the caller repeats the request with "repeat.same-nonce"
      Then the request is refused as REPLAYED_REQUEST
