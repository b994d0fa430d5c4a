Feature: Bytes that no client sends
  Framing, headers, slow and broken requests over raw connections.

  @COM-023 @transport
  Rule: Ambiguous lengths

    @COM-023/01 @issuer @security
    Scenario: a request with a length is answered once
      Given a licence in the state VALID
      When the caller reads the metadata by the probe "length"
      Then there is one answer, a success

    @COM-023/02 @issuer @security
    Scenario: a request in chunks is answered once
      Given a licence in the state VALID
      When the caller reads the metadata by the probe "chunks"
      Then there is one answer, a success

    @COM-023/<nn> @issuer @security @negative @twin:COM-023/02
    Scenario Outline: a request with <probe> is not read as two
      Given a licence in the state VALID
      When the caller reads the metadata by the probe "<probe>"
      Then nothing behind the request is taken for another one

      Examples:
        | nn | probe             |
        | 03 | length and chunks |
        | 04 | chunks and length |
        | 05 | two lengths       |

    @COM-023/<nn> @issuer @security @negative @twin:COM-023/01
    Scenario Outline: a request with the framing "<probe>" is refused
      Given a licence in the state VALID
      When the caller reads the metadata by the probe "<probe>"
      Then the probe is refused or cut off
      And the target still answers

      Examples:
        | nn | probe                  |
        | 06 | list of lengths        |
        | 07 | signed length          |
        | 08 | endless length         |
        | 09 | unknown coding         |
        | 10 | coding behind chunks   |
        | 11 | space before the colon |
        | 12 | endless chunk          |

  @COM-024 @transport
  Rule: Headers

    @COM-024/01 @issuer @security
    Scenario: ordinary headers are accepted
      Given a licence in the state VALID
      When the caller reads the metadata by the probe "length"
      Then there is one answer, a success

    @COM-024/<nn> @issuer @security @negative @twin:COM-024/01
    Scenario Outline: the header defect "<probe>" is refused
      Given a licence in the state VALID
      When the caller reads the metadata by the probe "<probe>"
      Then the probe is refused or cut off
      And the target still answers

      Examples:
        | nn | probe             |
        | 02 | large header      |
        | 03 | application twice |
        | 04 | nonce twice       |
        | 05 | signature twice   |
        | 06 | folded header     |
        | 07 | many headers      |
        | 08 | NUL in a header   |

  @ATH-009 @transport
  Rule: Nonces that no client sends

    @ATH-009/<nn> @issuer @security @negative @twin:ATH-009/01
    Scenario Outline: the defect "<probe>" is refused
      Given a licence in the state VALID
      When the caller reads the metadata by the probe "<probe>"
      Then the probe is refused or cut off
      And the target still answers

      Examples:
        | nn | probe                |
        | 05 | nonce of 1 MB        |
        | 06 | control in the nonce |

  @COM-025 @transport
  Rule: Slow and broken requests

    @COM-025/01 @issuer @security @exclusive
    Scenario: slow requests hold nobody up
      Given a licence in the state VALID
      When slow requests are open while another caller asks for the capabilities
      Then the other caller is answered and slow requests are cut off

    @COM-025/02 @issuer @security
    Scenario: a whole request has its effect
      Given a registered person
      When the issuer issues the licence by the probe "length"
      Then there is one answer, a success
      And the person has one live licence

    @COM-025/<nn> @issuer @security @negative @twin:COM-025/02
    Scenario Outline: <probe> have no effect
      Given a registered person
      When the issuer issues the licence by the probe "<probe>"
      Then the probe is refused or cut off
      And the person has no licence

      Examples:
        | nn | probe        |
        | 03 | half headers |
        | 04 | half a body  |

  @COM-026 @transport
  Rule: Compressed requests

    @COM-026/01 @issuer @security
    Scenario: a plain body is accepted
      Given a licence in the state VALID
      When the caller reads the metadata by the probe "length"
      Then there is one answer, a success

    @COM-026/02 @issuer @security @negative @twin:COM-026/01
    Scenario: a compressed body that unpacks to a multiple is refused
      Given a licence in the state VALID
      When the caller reads the metadata by the probe "compressed bomb"
      Then the probe is refused or cut off
      And the target still answers
