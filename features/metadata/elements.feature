Feature: Elements of the metadata
  Metadata elements after GB/T 36903 as the issuer answers them.

  @MD-001
  Rule: Mandatory elements

    @MD-001/01 @issuer @core
    Scenario: all mandatory elements are present
      Given a licence in the state VALID
      When the caller reads the metadata
      Then all mandatory elements are present

  @MD-002
  Rule: Type code

    @MD-002/01 @issuer @core
    Scenario: the type code equals the type segment
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the type code equals the type segment

  @MD-003
  Rule: Authority code

    @MD-003/01 @issuer @core
    Scenario: the authority code equals the authority segment
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the authority code equals the authority segment

  @MD-004
  Rule: Version

    @MD-004/01 @issuer @core
    Scenario: the version equals the version segment
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the version equals the version segment

    @MD-004/02 @issuer @core @reissue
    Scenario: the version of a re-issued licence equals the version segment
      Given a licence in the state VALID
      When the issuer re-issues the licence
      Then the version equals the version segment

  @MD-005
  Rule: Holder type

    @MD-005/01 @issuer @core
    Scenario: the holder type is the citizen number
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the holder type is the citizen number

  @MD-006
  Rule: Holder code

    @MD-006/01 @issuer @core
    Scenario: the holder code is a valid citizen number
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the holder code is a valid citizen number

  @MD-007
  Rule: Licence number

    @MD-007/01 @issuer @core
    Scenario: the licence number equals the holder code
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the licence number equals the holder code

  @MD-008
  Rule: Name of the licence

    @MD-008/01 @issuer @core
    Scenario: the licence has the fixed name
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the licence has the fixed name

  @MD-009
  Rule: Holder type codes outside the list

    @MD-009/01 @sharing_service @core
    Scenario: type 111 is accepted
      Given a licence in the state VALID
      When the caller searches by holder with "search.holder-type-111"
      Then the request is accepted

    @MD-009/02 @sharing_service @core @negative @twin:MD-009/01
    Scenario: a type outside the list is refused
      Given a licence in the state VALID
      When the caller searches by holder with "search.holder-type-unknown"
      Then the request is refused as INVALID_REQUEST naming "certificateHolderTypeCode"

    @MD-009/03 @sharing_service @core
    Scenario: another type of the list finds nothing
      Given a licence in the state VALID
      When the caller searches by holder with "search.holder-type-passport"
      Then the search finds nothing

  @MD-010
  Rule: Real days

    @MD-010/01 @issuer @core
    Scenario: all dates are real days
      Given a licence in the state VALID
      When the caller reads the metadata
      Then all dates are real days

    @MD-010/02 @issuer @core @negative @twin:MD-010/03
    Scenario: 30 February as first day is refused
      Given a registered person
      When the issuer issues the licence with "issue.effective-30-february"
      Then the request is refused as INVALID_REQUEST naming "certificateEffectiveDate"
      And the person has no licence

    @MD-010/03 @issuer @core
    Scenario: a real first day is accepted
      Given a registered person
      When the issuer issues the licence with "issue.effective-tomorrow"
      Then the request is accepted

  @MD-011
  Rule: Order of dates

    @MD-011/01 @issuer @core
    Scenario: the issue date is not after the first day
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the issue date is not after the first day

    @MD-011/02 @issuer @core @negative @twin:MD-011/04
    Scenario: a first day after the last day is refused
      Given a registered person
      When the issuer issues the licence with "issue.effective-after-expiring"
      Then the request is refused as INVALID_REQUEST naming "certificateEffectiveDate"
      And the person has no licence

    @MD-011/03 @issuer @core @negative @twin:MD-011/04
    Scenario: a first day in the past is refused
      Given a registered person
      When the issuer issues the licence with "issue.effective-yesterday"
      Then the request is refused as INVALID_REQUEST naming "certificateEffectiveDate"
      And the person has no licence

    @MD-011/04 @issuer @core
    Scenario: a first day tomorrow is accepted
      Given a registered person
      When the issuer issues the licence with "issue.effective-tomorrow"
      Then the request is accepted

  @MD-012
  Rule: No annotation in an original

    @MD-012/01 @issuer @core
    Scenario: a licence has no annotation element
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the licence has no annotation element

  @MD-014
  Rule: Associated identifier

    @MD-014/01 @issuer @core @reissue
    Scenario: a re-issued licence names the one it replaces
      Given a licence in the state VALID
      When the issuer re-issues the licence
      Then the new licence names the replaced one

    @MD-014/02 @issuer @core @destructive
    Scenario: a licence issued after a revocation names the earlier one
      Given a licence in the state REVOKED
      When the issuer issues the licence with "issue.previous-identifier"
      Then the new licence names the replaced one

  @MD-020
  Rule: Data as issued

    @MD-020/01 @issuer @core
    Scenario: every item is the one issued
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the licence holds what was issued
