Feature: Codes without the network
  Operation 13 offline: views signed by the issuer, codes signed by the device.

  @PRE-022
  Rule: Nobody is asked

  @PRE-022/01 @verifier @optional @offline @presentation @trust_control
    Scenario: a view admits that nobody was asked
      Given an offline code
      When the verifier checks the code
      Then the verdict admits that nobody was asked
      And the loading end was not asked

  @PRE-022/02 @verifier @optional @offline @negative @twin:PRE-022/01 @presentation @trust_control
    Scenario: an online code without the network
      Given an online code
      When the verifier checks the code without the network
      Then the result is INDETERMINATE because of LICENCE_STATUS_UNKNOWN
      And the loading end was not asked

  @PRE-022/03 @verifier @optional @offline @presentation @trust_control
    Scenario: a view with masked values
      Given an offline-basic code
      When the verifier checks the code
      Then the verdict admits that nobody was asked

  @PRE-022/04 @verifier @optional @offline @presentation @trust_control
    Scenario: a view of an age flag
      Given an offline-adult code
      When the verifier checks the code
      Then the verdict admits that nobody was asked

  @PRE-023
  Rule: Views

    @PRE-023/<nn> @verifier @optional @offline @negative @twin:PRE-022/01 @presentation @trust_control
    Scenario Outline: <what> is stopped
      When the verifier checks a code with the defect "<defect>"
      Then the code is stopped for its reason

      Examples:
        | nn | defect | what |
        | 01 | view-old | a view older than 24 hours |
        | 02 | view-long-life | a view that lives for a week |
        | 03 | view-future | a view of tomorrow |
        | 04 | view-signature | one bit of the issuer's signature |
        | 05 | view-unknown-kid | a view signed by nobody who is listed |
        | 06 | view-self-made | a view signed by the device itself |
        | 07 | view-signer-role | a view signed by a signer of licences |
        | 08 | view-other-issuer | a view in the name of another authority |
        | 09 | view-suspended | a view of a suspended licence |
        | 10 | view-revoked | a view of a revoked licence |
        | 11 | wider-than-view | a code wider than its view |
        | 12 | view-portrait | a portrait inside the view |
        | 13 | view-garbage | bytes that are no view |

  @PRE-024
  Rule: The device

    @PRE-024/<nn> @verifier @optional @offline @negative @twin:PRE-022/01 @presentation @trust_control
    Scenario Outline: <what> is stopped
      When the verifier checks a code with the defect "<defect>"
      Then the code is stopped for its reason

      Examples:
        | nn | defect | what |
        | 01 | other-device | another device |
        | 02 | device-signature | one bit of the signature of the device |

  @PRE-025
  Rule: Once

  @PRE-025/01 @verifier @optional @offline @negative @twin:PRE-022/01 @presentation @trust_control
    Scenario: a second presentation without the network
      Given an offline code
      And the verifier has checked the code
      When the verifier checks the code
      Then the result is INVALID because of one of CODE_REPLAYED, LICENCE_STATUS_UNKNOWN
