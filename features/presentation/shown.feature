Feature: Codes that are shown
  Operation 13: who is shown what, once, for whom, where and when.

  @PRE-001
  Rule: Granted and wanted

  @PRE-001/01 @verifier @core @presentation @trust_control
    Scenario: a fresh code is VALID and shows what was granted
      Given an online code
      When the verifier checks the code
      Then the answer shows exactly "name, ageOver18"

  @PRE-001/02 @verifier @core @presentation @trust_control
    Scenario: a code for anybody shows masked values
      Given a bearer code
      When the verifier checks the code
      Then the answer shows exactly "nameMasked, idNumberMasked"

  @PRE-001/03 @verifier @core @presentation @trust_control
    Scenario: fewer attributes wanted than granted
      Given an online code
      When the verifier checks the code and wants "ageOver18"
      Then the answer shows exactly "ageOver18"

  @PRE-001/04 @verifier @security @presentation @trust_control
    Scenario: more attributes wanted than granted
      Given an online code
      When the verifier checks the code and wants "name, ageOver18, idNumber, address"
      Then the answer shows exactly "name, ageOver18"

  @PRE-001/05 @verifier @core @presentation @trust_control
    Scenario: no attribute wanted
      Given an online code
      When the verifier checks the code and wants ""
      Then the answer shows exactly ""

  @PRE-001/06 @verifier @security @presentation @trust_control
    Scenario: a loading end that gives more than was granted
      Given a code of a loading end that answers with more than was granted
      When the verifier checks the code and wants "name, ageOver18, idNumber, address"
      Then the answer shows exactly "name, ageOver18"

    @PRE-001/07 @verifier @security @presentation @trust_control
    Scenario: a loading end that gives more than was wanted
      Given a code of a loading end that answers with more than was wanted
      When the verifier checks the code and wants "ageOver18"
      Then the answer shows exactly "ageOver18"

  @PRE-002
  Rule: Redemption

  @PRE-002/01 @verifier @core @presentation @trust_control
    Scenario: one redemption for the relying party
      Given an online code
      When the verifier checks the code
      Then the answer shows exactly "name, ageOver18"
      And the loading end was asked once for the relying party

  @PRE-006
  Rule: Once

  @PRE-006/01 @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: a second presentation is a replay
      Given an online code
      And the verifier has checked the code
      When the verifier checks the code
      Then the result is INVALID because of CODE_REPLAYED
      And the answer shows no attribute

  @PRE-006/02 @verifier @security @presentation @trust_control
    Scenario: twenty presentations at once
      Given an online code
      When 20 verifications of the code are sent at once
      Then exactly one verdict is VALID

  @PRE-006/03 @verifier @security @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: a code that another verifier redeemed
      Given an online code
      And the code was redeemed at another verifier
      When the verifier checks the code
      Then the result is INVALID because of CODE_REPLAYED
      And the answer shows no attribute

  @PRE-006/04 @verifier @security @negative @twin:PRE-001/01 @exclusive @clock_control @presentation @trust_control
    Scenario: a clock that steps back does not make a code new
      Given an online code
      And the verifier has checked the code
      And the clock of the target stands 20 seconds before the issue of the code
      When the verifier checks the code
      Then the result is INVALID because of CODE_REPLAYED

  @PRE-007
  Rule: Relying party

  @PRE-007/01 @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: a code made for another one
      When the verifier checks a code with the defect "other-audience"
      Then the code is stopped for its reason

  @PRE-007/02 @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: a code checked for another relying party
      Given an online code
      When the verifier checks the code for another relying party
      Then the result is INVALID because of CODE_AUDIENCE
      And the answer shows no attribute

  @PRE-008
  Rule: Scene

  @PRE-008/01 @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: a code made for another one
      When the verifier checks a code with the defect "other-scene"
      Then the code is stopped for its reason

  @PRE-008/02 @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: a code checked in another scene
      Given an online code
      When the verifier checks the code in another scene
      Then the result is INVALID because of CODE_SCENE
      And the answer shows no attribute

  @PRE-009
  Rule: Challenge

  @PRE-009/01 @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: another challenge in the code
      When the verifier checks a code with the defect "other-nonce"
      Then the code is stopped for its reason

  @PRE-009/02 @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: no challenge in the code
      When the verifier checks a code with the defect "no-nonce"
      Then the code is stopped for its reason

  @PRE-009/03 @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: another challenge was given out
      Given an online code
      When the verifier checks the code with another challenge
      Then the result is INVALID because of CODE_NONCE

  @PRE-009/04 @verifier @full @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: no challenge was given out
      Given an online code
      When the verifier checks the code without a challenge
      Then the result is INVALID because of CODE_NONCE

  @PRE-010
  Rule: Codes for anybody

  @PRE-010/01 @verifier @core @negative @twin:PRE-001/02 @presentation @trust_control
    Scenario: the citizen number for anybody
      When the verifier checks a code with the defect "bearer-number"
      Then the code is stopped for its reason

  @PRE-010/02 @verifier @core @negative @twin:PRE-001/02 @presentation @trust_control
    Scenario: the full name for anybody
      When the verifier checks a code with the defect "bearer-name"
      Then the code is stopped for its reason

  @PRE-003
  Rule: Expiry

  @PRE-003/01 @verifier @core @presentation @trust_control
    Scenario: a code near its expiry is VALID
      Given an online code issued 45 seconds ago
      When the verifier checks the code
      Then the result is VALID

  @PRE-003/02 @verifier @core @negative @twin:PRE-003/01 @presentation @trust_control
    Scenario: 31 seconds after expiry
      When the verifier checks a code with the defect "expired"
      Then the code is stopped for its reason

  @PRE-003/03 @verifier @core @negative @twin:PRE-003/01 @presentation @trust_control
    Scenario: a day after expiry
      When the verifier checks a code with the defect "long-expired"
      Then the code is stopped for its reason

  @PRE-003/04 @verifier @full @exclusive @clock_control @presentation @trust_control
    Scenario: at the second of its expiry
      Given an online code
      And the clock of the target stands 60 seconds after the issue of the code
      When the verifier checks the code
      Then the result is VALID

  @PRE-003/05 @verifier @full @negative @twin:PRE-003/04 @exclusive @clock_control @presentation @trust_control
    Scenario: 91 seconds after issue
      Given an online code
      And the clock of the target stands 91 seconds after the issue of the code
      When the verifier checks the code
      Then the result is INVALID because of CODE_EXPIRED

  @PRE-004
  Rule: Issue in the future

  @PRE-004/01 @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: issued 40 seconds ahead
      When the verifier checks a code with the defect "future"
      Then the code is stopped for its reason

  @PRE-004/02 @verifier @full @negative @twin:PRE-001/01 @exclusive @clock_control @presentation @trust_control
    Scenario: 31 seconds before issue
      Given an online code
      And the clock of the target stands 31 seconds before the issue of the code
      When the verifier checks the code
      Then the result is INVALID because of CODE_FUTURE

  @PRE-005
  Rule: Life

    @PRE-005/<nn> @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario Outline: <what>
      When the verifier checks a code with the defect "<defect>"
      Then the code is stopped for its reason

      Examples:
        | nn | defect | what |
        | 01 | life-61 | a life of 61 seconds |
        | 02 | life-hour | a life of an hour |
        | 03 | backwards | expiry before issue |

  @PRE-016
  Rule: Length

    @PRE-016/<nn> @verifier @security @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario Outline: <length> characters are refused quickly
      When the verifier checks a code of <length> characters
      Then the code is refused quickly

      Examples:
        | nn | length |
        | 01 | 4096 |
        | 02 | 100000 |
        | 03 | 1000000 |

  @PRE-017
  Rule: Addresses

  @PRE-017/01 @verifier @security @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario: an address in a code is not called
      When the verifier checks a code that names an address
      Then the result is INVALID because of CODE_MALFORMED
      And nobody was called

  @PRE-026
  Rule: Members of the verdict

  @PRE-026/01 @verifier @core @presentation @trust_control
    Scenario: a verdict on a code has every check
      Given an online code
      When the verifier checks the code
      Then the answer has every check

  @PRE-026/02 @verifier @core @presentation @trust_control
    Scenario: a VALID verdict is complete
      Given an online code
      When the verifier checks the code
      Then the verification result is complete

  @PRE-027
  Rule: What is not repeated

  @PRE-027/01 @verifier @security @presentation @trust_control
    Scenario: the answer holds no code
      Given an online code
      When the verifier checks the code
      Then the answer does not repeat the code

  @PRE-028
  Rule: Batches

  @PRE-028/01 @verifier @full @batch @presentation @trust_control
    Scenario: codes in a batch
      When the verifier checks a batch of a good code, a broken code and a good code
      Then the good codes are VALID and the broken one INVALID, in order

  @PRE-029
  Rule: Errors of any kind

  @PRE-029/01 @verifier @security @property @presentation @trust_control
    Scenario: one bit changed
      When the verifier checks many codes with one bit changed
      Then the property holds

  @PRE-029/02 @verifier @security @property @presentation @trust_control
    Scenario: other characters
      When the verifier checks many codes with other characters
      Then the property holds

  @PRE-031
  Rule: Rare characters

    @PRE-031/<nn> @verifier @core @presentation @trust_control
    Scenario Outline: a name with <what> is shown as it is
      Given a code for the name of a person called "<name>"
      When the verifier checks the code
      Then the answer shows exactly "name, nameMasked"

      Examples:
        | nn | name | what |
        | 01 | 测试㐀 | extension A |
        | 02 | 测试𠮷 | extension B |
        | 03 | 测试𬭛 | extension E |
        | 04 | 测试𬺰 | extension F |
        | 05 | 测试𰀀 | extension G |
        | 06 | 测试𱍐 | extension H |
        | 07 | 测试𮯰 | extension I |
        | 08 | 测〇试 | the zero 〇 |
        | 09 | 测试豈 | compatibility ideograph |
        | 10 | 阿卜杜·测试·名 | middle dots |
        | 11 | 测 | one character |
        | 12 | 测测测测测测测测测测测测测测测测测测测测测测测测·试试试试试试试试试试试试试试试试试试试试试试试试· | 50 characters with dots |

  @PRE-032
  Rule: Age flags

    @PRE-032/<nn> @verifier @core @presentation @trust_control
    Scenario Outline: born <years> years ago <day>: over <age>
      Given a code that tells whether somebody born <years> years ago <day> is over <age>
      When the verifier checks the code
      Then the answer shows exactly "<flag>"

      Examples:
        | nn | years | day | age | flag |
        | 01 | 18 | today | 18 | ageOver18 |
        | 02 | 18 | tomorrow | 18 | ageOver18 |
        | 03 | 16 | today | 16 | ageOver16 |
        | 04 | 16 | tomorrow | 16 | ageOver16 |
