Feature: Issuing
  Operation 2: one live licence for a holder, from well-formed requests only.

  @ISS-001
  Rule: One live licence

    @ISS-001/01 @issuer @core
    Scenario: a person without licence gets one
      Given a registered person
      When the issuer issues the licence
      Then the request is accepted
      And the person has one live licence

    @ISS-001/02 @issuer @core @negative @twin:ISS-001/01
    Scenario: a second licence is refused while the first is live
      Given a licence in the state VALID
      When the issuer issues the licence
      Then the request is refused as STATE_CONFLICT
      And the licence reads VALID
      And the person has one live licence

    @ISS-001/03 @issuer @security
    Scenario: two issues at once leave one licence
      Given a registered person
      When two callers issue the licence at once
      Then exactly one call is accepted
      And the person has one live licence

  @ISS-002
  Rule: Activation at issue

    @ISS-002/01 @issuer @core
    Scenario: an activated licence is VALID
      Given a registered person
      When the issuer issues the licence
      Then the licence reads VALID

    @ISS-002/02 @issuer @core
    Scenario: a licence issued without activation is NOT_ACTIVE
      Given a registered person
      When the issuer issues the licence with "issue.not-activated"
      Then the licence reads NOT_ACTIVE

  @ISS-003
  Rule: Holder of the licence

    @ISS-003/01 @issuer @core @persona_control
    Scenario: a reference to a person is accepted
      Given a registered person
      When the issuer issues the licence with "issue.persona-ref"
      Then the licence holds what was issued

    @ISS-003/02 @issuer @core @negative @twin:ISS-003/01
    Scenario: a reference with a holder beside it is refused
      Given a registered person
      When the issuer issues the licence with "issue.persona-ref-and-holder"
      Then the request is refused as INVALID_REQUEST
      And the person has no licence

    @ISS-003/03 @issuer @core @negative @twin:ISS-003/01
    Scenario: neither reference nor holder is refused
      Given a registered person
      When the issuer issues the licence with "issue.no-holder"
      Then the request is refused as INVALID_REQUEST
      And the person has no licence

  @ISS-005
  Rule: Replaced licence

    @ISS-005/01 @issuer @core @destructive
    Scenario: the revoked licence of the holder is accepted
      Given a licence in the state REVOKED
      When the issuer issues the licence with "issue.previous-identifier"
      Then the request is accepted

    @ISS-005/02 @issuer @core @negative @twin:ISS-005/01
    Scenario: an unknown replaced licence is refused
      Given a registered person
      When the issuer issues the licence with "issue.previous-unknown"
      Then the request is refused as INVALID_REQUEST naming "previousCertificateIdentifier"
      And the person has no licence

  @ISS-006
  Rule: Operator

    @ISS-006/01 @issuer @core
    Scenario: an operator with a right USCI is accepted
      Given a registered person
      When the issuer issues the licence
      Then the request is accepted

    @ISS-006/02 @issuer @core @negative @twin:ISS-006/01
    Scenario: an operator with a wrong USCI is refused
      Given a registered person
      When the issuer issues the licence with "issue.operator-wrong-check"
      Then the request is refused as INVALID_REQUEST naming "operator.orgCode"
      And the person has no licence

  @ISS-007
  Rule: Invisible characters in names

    @ISS-007/01 @issuer @core
    Scenario: a plain name is accepted
      Given a registered person
      When the issuer issues the licence
      Then the request is accepted

    @ISS-007/02 @issuer @security @negative @twin:ISS-007/01
    Scenario: a right-to-left override is refused
      Given a registered person
      When the issuer issues the licence with "issue.name-bidi"
      Then the request is refused as INVALID_REQUEST naming "holder.name"
      And the person has no licence

    @ISS-007/03 @issuer @security @negative @twin:ISS-007/01
    Scenario: a zero-width space is refused
      Given a registered person
      When the issuer issues the licence with "issue.name-zero-width"
      Then the request is refused as INVALID_REQUEST naming "holder.name"
      And the person has no licence
