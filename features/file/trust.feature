Feature: Trust anchors, signed status, status list
  Operations 5, 6 and 10: what a verifier relies on.

  @PKI-010
  Rule: Signature of the trust anchors

    @PKI-010/01 @issuer @core
    Scenario: the trust anchors are signed by a root or a listed signer
      Given the target is reachable
      When the caller reads the trust anchors
      Then the trust anchors are signed

  @PKI-011
  Rule: Life of the trust anchors

    @PKI-011/01 @issuer @core
    Scenario: the trust anchors are current
      Given the target is reachable
      When the caller reads the trust anchors
      Then the trust anchors are current

  @PKI-012
  Rule: Signers are listed

    @PKI-012/01 @issuer @core @original
    Scenario: the signer of an original is listed as issuer
      Given a licence in the state VALID
      And the caller has fetched the original
      When the caller reads the trust anchors
      Then the signer of the original is listed

  @PKI-013
  Rule: Signed status

    @PKI-013/01 @issuer @full
    Scenario: a status is signed by a status signer
      Given a licence in the state VALID
      When the caller reads the status
      Then the status is signed by a status signer

  @PKI-014
  Rule: Status list

    @PKI-014/01 @issuer @optional @status_list
    Scenario: a valid licence is not listed as bad
      Given a licence in the state VALID
      Then the status list says good

    @PKI-014/02 @issuer @optional @status_list
    Scenario: a suspended licence is listed
      Given a licence in the state SUSPENDED
      Then the status list says suspended

    @PKI-014/03 @issuer @optional @status_list
    Scenario: a revoked licence is listed
      Given a licence in the state REVOKED
      Then the status list says ended

  @PKI-015
  Rule: Algorithms of the issuer

    @PKI-015/01 @issuer @core @original
    Scenario: a file is protected with SM2 and SM3 only
      Given a licence in the state VALID
      When the caller fetches the original
      Then the file is free of SIG_METHOD WEAK_OR_UNKNOWN_DIGEST KEY_BAD
