Feature: The loading end behind a code
  Operation 13 with operation 18: what the verifier makes of the answers of a loading end that the harness plays.

  @PRE-014
  Rule: Binding

  @PRE-014/01 @verifier @security @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: a device that is no longer bound
      Given a code of a loading end that answers with a revoked binding
      When the verifier checks the code
      Then the result is INVALID because of BINDING_REVOKED
      And the answer shows no attribute

  @PRE-014/02 @verifier @security @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: a licence that was unloaded
      Given a code of a loading end that answers with an unloaded licence
      When the verifier checks the code
      Then the result is INVALID because of BINDING_REVOKED

  @PRE-014/03 @verifier @security @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: a code that its loading end does not know
      Given a code of a loading end that answers with an unknown code
      When the verifier checks the code
      Then the result is INVALID because of one of BINDING_INVALID, EVIDENCE_MISMATCH, CODE_SIG

  @PRE-018
  Rule: Status of the licence

    @PRE-018/<nn> @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario Outline: a licence that became <state>
      Given an online code
      And the licence behind the code is now <state>
      When the verifier checks the code
      Then the result is INVALID because of <reason>
      And the answer shows no attribute

      Examples:
        | nn | state | reason |
        | 01 | REVOKED | LICENCE_REVOKED |
        | 02 | SUSPENDED | LICENCE_SUSPENDED |
        | 03 | EXPIRED | LICENCE_EXPIRED |
        | 04 | SUPERSEDED | LICENCE_SUPERSEDED |
        | 05 | DESTROYED | LICENCE_DESTROYED |
        | 06 | NOT_ACTIVE | LICENCE_NOT_ACTIVE |

  @PRE-019
  Rule: No redemption

    @PRE-019/<nn> @verifier @security @negative @twin:PRE-001/01 @presentation @trust_control @slow
    Scenario Outline: a loading end that answers with <what>
      Given a code of a loading end that answers with <what>
      When the verifier checks the code
      Then the result is INDETERMINATE because of LICENCE_STATUS_UNKNOWN
      And the answer shows no attribute

      Examples:
        | nn | what |
        | 01 | 503 |
        | 02 | 500 |
        | 03 | nothing for eight seconds |
        | 04 | no JSON |
        | 05 | a redirect |

  @PRE-020
  Rule: Evidence

    @PRE-020/<nn> @verifier @security @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario Outline: a loading end that answers with <what>
      Given a code of a loading end that answers with <what>
      When the verifier checks the code
      Then the result is INVALID because of one of <reasons>
      And the answer shows no attribute

      Examples:
        | nn | what | reasons |
        | 01 | evidence of another code | EVIDENCE_MISMATCH |
        | 02 | evidence of another presentation | EVIDENCE_MISMATCH |
        | 03 | evidence for another relying party | EVIDENCE_MISMATCH |
        | 04 | attributes that differ from the evidence | EVIDENCE_MISMATCH |
        | 05 | a status that differs from the evidence | EVIDENCE_MISMATCH, LICENCE_SUSPENDED |
        | 06 | evidence past its end | EVIDENCE_MISMATCH |
        | 07 | evidence with a broken signature | EVIDENCE_MISMATCH |
        | 08 | evidence of an unknown signer | EVIDENCE_MISMATCH, CERT_UNTRUSTED |
        | 09 | evidence of an untrusted issuer | EVIDENCE_MISMATCH, CERT_UNTRUSTED, CERT_USAGE |
        | 10 | evidence of a signer of licences | EVIDENCE_MISMATCH, CERT_USAGE |
        | 11 | no evidence | EVIDENCE_MISMATCH, LICENCE_STATUS_UNKNOWN |

  @PRE-021
  Rule: Consent

    @PRE-021/<nn> @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario Outline: a loading end that answers with <what>
      Given a code of a loading end that answers with <what>
      When the verifier checks the code
      Then the result is INDETERMINATE because of CONSENT_ABSENT
      And the answer shows no attribute

      Examples:
        | nn | what |
        | 01 | a denial |
        | 02 | no consent |
