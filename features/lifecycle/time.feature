Feature: Time
  First day, last day and changes in the future, in China time. These cases move the clock of the target.

  @LIF-007
  Rule: First day of validity

    @LIF-007/01 @verifier @core @attributes
    Scenario: a licence on its first day is valid
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @LIF-007/02 @verifier @core @negative @twin:LIF-007/01 @attributes
    Scenario: a licence before its first day is not valid
      Given a licence that begins tomorrow
      When the verifier checks the attributes
      Then the result is INVALID because of LICENCE_NOT_ACTIVE

  @LIF-008
  Rule: Last day of validity

    @LIF-008/01 @verifier @core @attributes @clock_control @exclusive
    Scenario: in the last second of the last day the licence is valid
      Given a licence in the state VALID
      Given the clock of the target stands at the last second of validity
      When the verifier checks the attributes
      Then the result is VALID

    @LIF-008/02 @verifier @core @negative @twin:LIF-008/01 @attributes @clock_control @exclusive
    Scenario: one second later the licence is expired
      Given a licence in the state VALID
      Given the clock of the target stands at the first second after validity
      When the verifier checks the attributes
      Then the result is INVALID because of LICENCE_EXPIRED

  @LIF-015
  Rule: Order of states

    @LIF-015/01 @issuer @core @clock_control @destructive @exclusive
    Scenario: a revoked licence stays REVOKED after its last day
      Given a licence in the state REVOKED
      Given the clock of the target stands at the first second after validity
      When the caller reads the status
      Then the status is REVOKED

    @LIF-015/02 @issuer @core @suspend @clock_control @exclusive
    Scenario: a suspended licence reads EXPIRED after its last day
      Given a licence in the state SUSPENDED
      Given the clock of the target stands at the first second after validity
      When the caller reads the status
      Then the status is EXPIRED

  @LIF-016
  Rule: No restoration after the last day

    @LIF-016/01 @issuer @core @suspend @clock_control @exclusive
    Scenario: on the last day a suspended licence is restored
      Given a licence in the state SUSPENDED
      Given the clock of the target stands at the last second of validity
      When the issuer applies RESTORE
      Then the request is accepted

    @LIF-016/02 @issuer @core @negative @twin:LIF-016/01 @suspend @clock_control @exclusive
    Scenario: after the last day a suspended licence is not restored
      Given a licence in the state SUSPENDED
      Given the clock of the target stands at the first second after validity
      When the issuer applies RESTORE
      Then the request is refused as STATE_CONFLICT

  @LIF-020
  Rule: Changes in the future

    @LIF-020/01 @issuer @core @suspend
    Scenario: a suspension in an hour leaves the licence valid now
      Given a licence in the state VALID
      When the issuer applies SUSPEND with "transition.in-one-hour"
      Then the licence reads VALID

    @LIF-020/02 @issuer @core @suspend @clock_control @exclusive
    Scenario: a suspension in an hour holds after an hour
      Given a licence in the state VALID
      Given the issuer has applied SUSPEND with "transition.in-one-hour"
      Given the clock of the target is two hours ahead
      When the caller reads the status
      Then the status is SUSPENDED

  @COM-021 @wire
  Rule: Clock of the request window

    @COM-021/01 @all @security @clock_control @exclusive
    Scenario: a clock that runs ahead refuses our time as CLOCK_SKEW
      Given a licence in the state VALID
      Given the clock of the target is two hours ahead
      When the caller reads the metadata with "auth.real-time"
      Then the request is refused as CLOCK_SKEW
