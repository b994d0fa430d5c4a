Feature: Signed requests
  Profile hmac-sm3 of binding v1: who calls, and that nothing was changed on the way.

  @ATH-001 @wire
  Rule: Credentials are needed

    @ATH-001/01 @issuer @core
    Scenario: right credentials are accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @ATH-001/02 @issuer @core @negative @twin:ATH-001/01
    Scenario: no credentials are refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.none"
      Then the request is refused as UNAUTHENTICATED

  @ATH-002 @wire
  Rule: Key

    @ATH-002/01 @issuer @core
    Scenario: the right key is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @ATH-002/02 @issuer @core @negative @twin:ATH-002/01
    Scenario: a wrong key is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.wrong-key"
      Then the request is refused as UNAUTHENTICATED

  @ATH-003 @wire
  Rule: Application

    @ATH-003/01 @issuer @core
    Scenario: a known application is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @ATH-003/02 @issuer @core @negative @twin:ATH-003/01
    Scenario: an unknown application is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.unknown-app"
      Then the request is refused as UNAUTHENTICATED

  @ATH-004 @wire
  Rule: The body is bound

    @ATH-004/01 @issuer @security
    Scenario: an unchanged body is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @ATH-004/02 @issuer @security @negative @twin:ATH-004/01
    Scenario: a body changed after signing is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.body-changed"
      Then the request is refused as UNAUTHENTICATED

  @ATH-005 @wire
  Rule: Method, path, query are bound

    @ATH-005/01 @issuer @security
    Scenario: an unchanged request line is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @ATH-005/02 @issuer @security @negative @twin:ATH-005/01
    Scenario: a signature for another path is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.path-changed"
      Then the request is refused as UNAUTHENTICATED

    @ATH-005/03 @issuer @security @negative @twin:ATH-005/01
    Scenario: a signature for another query is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.query-changed"
      Then the request is refused as UNAUTHENTICATED

    @ATH-005/04 @issuer @security @negative @twin:ATH-005/01
    Scenario: a signature for another method is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.method-changed"
      Then the request is refused as UNAUTHENTICATED

  @ATH-006 @wire
  Rule: Time window

    @ATH-006/01 @issuer @security
    Scenario: a request at the old edge of the window is accepted
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.old-inside"
      Then the request is accepted

    @ATH-006/02 @issuer @security @negative @twin:ATH-006/01
    Scenario: a request before the window is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.old-outside"
      Then the request is refused as CLOCK_SKEW

    @ATH-006/03 @issuer @security
    Scenario: a request at the new edge of the window is accepted
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.new-inside"
      Then the request is accepted

    @ATH-006/04 @issuer @security @negative @twin:ATH-006/03
    Scenario: a request after the window is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.new-outside"
      Then the request is refused as CLOCK_SKEW

  @ATH-007 @wire
  Rule: Replay

    @ATH-007/01 @issuer @security
    Scenario: a request with a fresh nonce is accepted
      Given a licence in the state VALID
      Given the caller has read the metadata
      When the caller repeats the request
      Then the request is accepted

    @ATH-007/02 @issuer @security @negative @twin:ATH-007/01
    Scenario: an exact replay is refused
      Given a licence in the state VALID
      Given the caller has read the metadata
      When the caller repeats the request with "repeat.byte-for-byte"
      Then the request is refused as REPLAYED_REQUEST

    @ATH-007/03 @issuer @security @negative @twin:ATH-007/01
    Scenario: a used nonce with another body is refused
      Given a licence in the state VALID
      Given the caller has read the metadata
      When the caller repeats the request with "repeat.same-nonce-other-body"
      Then the request is refused as REPLAYED_REQUEST

  @ATH-008 @wire
  Rule: Nonces of two applications

    @ATH-008/01 @issuer @security @second_caller
    Scenario: a nonce used by another application is accepted
      Given a licence in the state VALID
      Given the caller has read the metadata
      When the caller repeats the request with "repeat.same-nonce-other-app"
      Then the request is accepted

  @ATH-009 @wire
  Rule: Form of the nonce

    @ATH-009/01 @issuer @security
    Scenario: a nonce of 128 bits is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @ATH-009/02 @issuer @security @negative @twin:ATH-009/01
    Scenario: an empty nonce is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.nonce-empty"
      Then the request is refused as UNAUTHENTICATED

    @ATH-009/03 @issuer @security @negative @twin:ATH-009/01
    Scenario: a short nonce is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.nonce-short"
      Then the request is refused as UNAUTHENTICATED

    @ATH-009/04 @issuer @security @negative @twin:ATH-009/01
    Scenario: a nonce of 1,000 characters is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.nonce-long"
      Then the request is refused as UNAUTHENTICATED

  @ATH-010 @wire
  Rule: Right to the test controls

    @ATH-010/01 @issuer @security @persona_control
    Scenario: the entitled application is accepted
      Given a registered person
      When the test control registers the person
      Then the request is accepted

    @ATH-010/02 @issuer @security @negative @twin:ATH-010/01 @persona_control @second_caller
    Scenario: an application without the right is refused
      Given a registered person
      When the test control registers the person with "auth.other-app"
      Then the request is refused as FORBIDDEN

  @ATH-011 @wire
  Rule: Form of the timestamp

    @ATH-011/01 @issuer @security
    Scenario: a timestamp in milliseconds is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @ATH-011/02 @issuer @security @negative @twin:ATH-011/01
    Scenario: a timestamp in words is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.timestamp-text"
      Then the request is refused as UNAUTHENTICATED

  @ATH-012 @wire
  Rule: Whole signature

    @ATH-012/01 @issuer @security
    Scenario: the whole signature is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @ATH-012/02 @issuer @security @negative @twin:ATH-012/01
    Scenario: half a signature is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.signature-half"
      Then the request is refused as UNAUTHENTICATED

    @ATH-012/03 @issuer @security @negative @twin:ATH-012/01
    Scenario: an empty signature is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.signature-empty"
      Then the request is refused as UNAUTHENTICATED

  @ATH-015 @wire
  Rule: Nodes share what they have seen

    @ATH-015/01 @issuer @security @second_node
    Scenario: a fresh request is accepted by a second node
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.second-node"
      Then the request is accepted

    @ATH-015/02 @issuer @security @negative @second_node @twin:ATH-015/01
    Scenario: a replay to a second node is refused
      Given a licence in the state VALID
      Given the caller has read the metadata
      When the caller repeats the request with "repeat.byte-for-byte-at-second-node"
      Then the request is refused as REPLAYED_REQUEST

  @ATH-016
  Rule: Requests signed with SM2

    @ATH-016/01 @verifier @security @attributes @sm2_signed
    Scenario: the signature as agreed is accepted
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the request is accepted

    @ATH-016/<nn> @verifier @security @negative @attributes @sm2_signed @twin:ATH-016/01
    Scenario Outline: <defect> is refused
      Given a licence in the state VALID
      When the verifier checks the attributes with "<variation>"
      Then the request is refused as UNAUTHENTICATED

      Examples:
        | nn | defect                    | variation           |
        | 02 | another signer identifier | auth.sm2-other-id   |
        | 03 | another form              | auth.sm2-other-form |
        | 04 | n minus s                 | auth.sm2-negated    |
        | 05 | zero for r                | auth.sm2-zero-r     |
        | 06 | zero for s                | auth.sm2-zero-s     |
