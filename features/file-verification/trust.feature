Feature: Trust of the verifier
  What a verifier trusts is what it was told to trust, and no more. These cases move the whole target.

  @PKI-016
  Rule: Trust follows the anchors

    @PKI-016/01 @verifier @core @trust_control
    Scenario: a file under the installed root is VALID
      When the verifier checks the base file "orig"
      Then the result is VALID

    @PKI-016/02 @verifier @core @negative @twin:PKI-016/01 @trust_control @exclusive
    Scenario: the same file is refused once the root is removed
      Given the suite's root is no longer trusted
      When the verifier checks the base file "orig"
      Then the result is INVALID because of CERT_UNTRUSTED

  @PKI-017
  Rule: Revocation data that cannot be had

    @PKI-017/01 @verifier @core @negative @twin:PKI-016/01 @trust_control @fault_injection @exclusive
    Scenario: without revocation data nothing is VALID
      Given the crl source of the verifier is down
      When the verifier checks the base file "orig"
      Then the result is INDETERMINATE because of CERT_STATUS_UNKNOWN

  @PKI-018
  Rule: A status service that is down

    @PKI-018/01 @verifier @core @negative @twin:VER-026/01 @trust_control @fault_injection @exclusive
    Scenario: without the status service nothing is VALID
      Given the status source of the verifier is down
      When the verifier checks a file whose licence reads VALID at its issuer
      Then the result is INDETERMINATE because of LICENCE_STATUS_UNKNOWN
