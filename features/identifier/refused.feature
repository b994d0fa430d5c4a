Feature: Identifiers that a verifier refuses
  A verifier judges an identifier before it looks anything up.

  @IDN-009
  Rule: Wrong check character

    @IDN-009/01 @verifier @core @attributes
    Scenario: the right identifier is accepted
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @IDN-009/02 @verifier @core @negative @twin:IDN-009/01 @attributes
    Scenario: a wrong check character is refused
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.identifier-wrong-check"
      Then the result is INVALID because of IDENTIFIER_INVALID

    @IDN-009/03 @verifier @security @negative @twin:IDN-009/01 @property @attributes @slow
    Scenario: every single substitution is refused
      Given a licence in the state VALID
      When the verifier checks many identifiers with one character changed
      Then the property holds

  @IDN-010
  Rule: Known faulty variant of the check character

    @IDN-010/01 @verifier @core @attributes
    Scenario: the right check character is accepted
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @IDN-010/02 @verifier @core @negative @twin:IDN-010/01 @attributes
    Scenario: the variant check character is refused
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.identifier-variant-check"
      Then the result is INVALID because of IDENTIFIER_INVALID

  @IDN-011
  Rule: Form of an identifier

    @IDN-011/01 @verifier @core @attributes
    Scenario: the exact form is accepted
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @IDN-011/<nn> @verifier @core @negative @twin:IDN-011/01 @attributes
    Scenario Outline: <form> is refused
      Given a licence in the state VALID
      When the verifier checks the attributes with "<variation>"
      Then the result is INVALID because of IDENTIFIER_INVALID

      Examples:
        | nn | form               | variation                             |
        | 02 | lower case         | attributes.identifier-lower-case      |
        | 03 | a trailing space   | attributes.identifier-space           |
        | 04 | a full-width digit | attributes.identifier-full-width      |
        | 05 | a missing segment  | attributes.identifier-missing-segment |
        | 06 | a foreign root     | attributes.identifier-foreign-root    |

    @IDN-011/07 @verifier @security @negative @twin:IDN-011/01 @property @attributes @slow
    Scenario: every vector of a wrong identifier is refused
      Given a licence in the state VALID
      When the verifier checks every identifier vector that has to be refused
      Then the property holds

  @IDN-012
  Rule: Borders of the segments

    @IDN-012/01 @verifier @core @attributes
    Scenario: the right borders are accepted
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @IDN-012/02 @verifier @core @negative @twin:IDN-012/01 @attributes
    Scenario: a character moved from authority to serial is refused
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.identifier-authority-short"
      Then the result is INVALID because of IDENTIFIER_INVALID

    @IDN-012/03 @verifier @core @negative @twin:IDN-012/01 @attributes
    Scenario: a character moved from serial to authority is refused
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.identifier-authority-long"
      Then the result is INVALID because of IDENTIFIER_INVALID

    @IDN-012/04 @verifier @core @negative @twin:IDN-012/01 @attributes
    Scenario: a character moved from version to serial is refused
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.identifier-version-short"
      Then the result is INVALID because of IDENTIFIER_INVALID

  @IDN-013
  Rule: Serial lengths

    @IDN-013/01 @verifier @core @attributes
    Scenario: a serial of one character is well formed
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.identifier-serial-1"
      Then the result is INVALID because of LICENCE_UNKNOWN

    @IDN-013/02 @verifier @core @attributes
    Scenario: a serial of 64 characters is well formed
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.identifier-serial-64"
      Then the result is INVALID because of LICENCE_UNKNOWN
