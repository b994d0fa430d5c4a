Feature: Changes and who sees them
  Loss, replacement, revocation and destruction.

  @LIF-002
  Rule: Cancellation takes effect

    @LIF-002/01 @issuer @core @destructive
    Scenario: a revocation shows in the status
      Given a licence in the state VALID
      When the issuer applies REVOKE
      Then the licence reads REVOKED

    @LIF-002/02 @issuer @core @attributes @destructive
    Scenario: a revocation shows at the verifier
      Given a licence in the state VALID
      Given the issuer has applied REVOKE
      When the verifier checks the attributes
      Then the result is INVALID because of LICENCE_REVOKED

    @LIF-002/03 @issuer @core @destructive
    Scenario: the death of a holder ends the licence
      Given a licence in the state VALID
      When the issuer applies REVOKE with "transition.deceased"
      Then the licence reads REVOKED

  @LIF-003
  Rule: Only the newest version is valid

    @LIF-003/01 @issuer @core @reissue
    Scenario: the replaced licence reads SUPERSEDED
      Given a licence in the state VALID
      When the issuer re-issues the licence
      Then the replaced licence reads SUPERSEDED
      And the licence reads VALID

    @LIF-003/02 @issuer @core @reissue @attributes
    Scenario: the replaced licence is refused by the verifier
      Given a licence in the state VALID
      Given the issuer has re-issued the licence
      When the verifier checks the attributes with "attributes.replaced-licence"
      Then the result is INVALID because of LICENCE_SUPERSEDED

  @LIF-006
  Rule: Lost card

    @LIF-006/01 @issuer @core @suspend
    Scenario: a lost card suspends the licence
      Given a licence in the state VALID
      When the issuer applies SUSPEND with "transition.card-lost"
      Then the licence reads SUSPENDED

  @LIF-009
  Rule: Record of a change

    @LIF-009/01 @issuer @core @audit @suspend
    Scenario: a change is recorded with operator, time, reason
      Given a licence in the state VALID
      Given the issuer has applied SUSPEND
      When the auditor searches the audit
      Then the audit entry of the change has operator, action, reason

  @LIF-010
  Rule: Destruction

    @LIF-010/01 @issuer @core @destructive
    Scenario: a destroyed licence gives no data
      Given a licence in the state DESTROYED
      When the caller reads the metadata
      Then the request is refused as DESTROYED
      And the answer holds nothing of the person

    @LIF-010/02 @issuer @core @destructive
    Scenario: a destroyed licence still has its status
      Given a licence in the state DESTROYED
      When the caller reads the status
      Then the status is DESTROYED

  @LIF-017
  Rule: Re-issue needs a valid licence

    @LIF-017/01 @issuer @core @reissue
    Scenario: a valid licence is re-issued
      Given a licence in the state VALID
      When the issuer re-issues the licence
      Then the request is accepted

    @LIF-017/02 @issuer @core @negative @twin:LIF-017/01 @reissue @suspend
    Scenario: a suspended licence is not re-issued
      Given a licence in the state SUSPENDED
      When the issuer re-issues the licence
      Then the request is refused as STATE_CONFLICT
      And the licence reads SUSPENDED

    @LIF-017/03 @issuer @core @negative @twin:LIF-017/01 @reissue
    Scenario: a licence that is not active is not re-issued
      Given a licence in the state NOT_ACTIVE
      When the issuer re-issues the licence
      Then the request is refused as STATE_CONFLICT
      And the licence reads NOT_ACTIVE

  @LIF-021
  Rule: Changes at re-issue

    @LIF-021/01 @issuer @core @reissue
    Scenario: a new address is taken over
      Given a licence in the state VALID
      When the issuer re-issues the licence with "reissue.new-address"
      Then the new licence holds the new address with all else as before

    @LIF-021/02 @issuer @core @negative @twin:LIF-021/01 @reissue
    Scenario: a new number for changed data is refused
      Given a licence in the state VALID
      When the issuer re-issues the licence with "reissue.new-number"
      Then the request is refused as INVALID_REQUEST naming "changes.idNumber"
      And the licence reads VALID

  @LIF-022
  Rule: Parallel re-issues

    @LIF-022/01 @issuer @security @reissue
    Scenario: two re-issues at once leave one successor
      Given a licence in the state VALID
      When two operators re-issue the licence at once
      Then exactly one call is accepted
      And the person has one live licence
