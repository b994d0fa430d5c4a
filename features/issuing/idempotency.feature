Feature: Idempotency
  A request that is sent twice has its effect once.

  @IDM-001
  Rule: Same key with same body

    @IDM-001/01 @issuer @core
    Scenario: the same request gives the same licence
      Given a registered person
      Given the issuer has issued the licence
      When the caller repeats the request
      Then the same licence comes back as a replay
      And the person has one live licence

  @IDM-002
  Rule: Same key with another body

    @IDM-002/01 @issuer @core
    Scenario: the same body is accepted
      Given a registered person
      Given the issuer has issued the licence
      When the caller repeats the request
      Then the request is accepted

    @IDM-002/02 @issuer @core @negative @twin:IDM-002/01
    Scenario: another body is refused
      Given a registered person
      Given the issuer has issued the licence
      When the caller repeats the request with "repeat.other-body"
      Then the request is refused as IDEMPOTENCY_MISMATCH
      And the person has one live licence

  @IDM-003 @wire
  Rule: Key needed

    @IDM-003/01 @issuer @core
    Scenario: a request with a key is accepted
      Given a registered person
      When the issuer issues the licence
      Then the request is accepted

    @IDM-003/02 @issuer @core @negative @twin:IDM-003/01
    Scenario: a request without a key is refused
      Given a registered person
      When the issuer issues the licence with "idempotency.no-key"
      Then the request is refused as INVALID_REQUEST
      And the person has no licence

  @IDM-004
  Rule: Parallel requests with one key

    @IDM-004/01 @issuer @security
    Scenario: 16 requests at once give one licence
      Given a registered person
      When 16 callers issue the licence at once with one key
      Then all accepted answers name the same licence
      And the person has one live licence

  @IDM-005
  Rule: The path belongs to the request

    @IDM-005/01 @issuer @core @suspend
    Scenario: the same request on the same licence is accepted
      Given a licence in the state VALID
      Given the issuer has applied SUSPEND
      When the caller repeats the request
      Then the request is accepted

    @IDM-005/02 @issuer @core @negative @twin:IDM-005/01 @suspend
    Scenario: the same key on another licence is refused
      Given two licences in the state VALID
      Given the issuer has applied SUSPEND
      When the caller repeats the request with "repeat.other-licence"
      Then the request is refused as IDEMPOTENCY_MISMATCH
      And the other licence reads VALID

  @IDM-006
  Rule: Refusals are remembered

    @IDM-006/01 @issuer @core @destructive
    Scenario: a refusal is repeated after its cause has gone
      Given a licence in the state VALID
      Given the issuer was refused a second licence
      Given the first licence was revoked
      When the caller repeats the request
      Then the request is refused as STATE_CONFLICT
