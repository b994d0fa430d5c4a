Feature: Attribute verification
  Operation 14: is what somebody says about a holder true, without saying what is true.

  @VER-002
  Rule: Right data of a valid licence

    @VER-002/01 @verifier @core @attributes
    Scenario: all attributes by identifier are VALID
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID
      And every asserted attribute matches

    @VER-002/02 @verifier @core @attributes
    Scenario: all attributes by type with number are VALID
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.by-holder"
      Then the result is VALID
      And every asserted attribute matches

  @VER-003
  Rule: Licence not activated

    @VER-003/01 @verifier @core @attributes
    Scenario: an activated licence is VALID
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @VER-003/02 @verifier @core @negative @twin:VER-003/01 @attributes
    Scenario: a licence that is not activated is refused
      Given a licence in the state NOT_ACTIVE
      When the verifier checks the attributes
      Then the result is INVALID because of LICENCE_NOT_ACTIVE

  @VER-006
  Rule: Too few attributes

    @VER-006/01 @verifier @core @attributes
    Scenario: name with number is enough
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.name-and-number"
      Then the result is VALID

    @VER-006/02 @verifier @core @negative @twin:VER-006/01 @attributes
    Scenario: the name alone is not enough
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.name-only"
      Then the result is INDETERMINATE because of ATTR_INSUFFICIENT

    @VER-006/03 @verifier @core @negative @twin:VER-006/01 @attributes
    Scenario: no attribute is not enough
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.nothing"
      Then the result is INDETERMINATE because of ATTR_INSUFFICIENT

  @VER-007
  Rule: No such record

    @VER-007/01 @verifier @core @attributes
    Scenario: the person with a licence is known
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.by-holder"
      Then the result is VALID

    @VER-007/02 @verifier @core @negative @twin:VER-007/01 @attributes
    Scenario: the person without licence is unknown
      Given a registered person
      When the verifier checks the attributes with "attributes.by-holder"
      Then the result is INVALID because of LICENCE_UNKNOWN

    @VER-007/03 @verifier @core @negative @twin:VER-007/01 @attributes
    Scenario: an unknown identifier is unknown
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.identifier-unknown"
      Then the result is INVALID because of LICENCE_UNKNOWN

  @VER-010
  Rule: A mismatch does not reveal the right value

    @VER-010/01 @verifier @security @attributes
    Scenario: a mismatch holds no right value
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.wrong-address"
      Then the answer holds nothing of the person

  @VER-011
  Rule: Result without identity

    @VER-011/01 @verifier @core @attributes
    Scenario: a VALID answer holds no value of the person
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the answer holds nothing of the person

  @VER-014
  Rule: Same input with same result

    @VER-014/01 @verifier @core @attributes
    Scenario: two verifications agree
      Given a licence in the state VALID
      Given the verifier has checked the attributes
      When the verifier checks the attributes
      Then the result is the same as before

  @VER-015
  Rule: Case of X

    @VER-015/01 @verifier @core @attributes
    Scenario: a lower-case x matches X
      Given a licence in the state VALID for the person "check-x"
      When the verifier checks the attributes with "attributes.number-lower-x"
      Then the result is VALID

    @VER-015/02 @verifier @core @negative @twin:VER-015/01 @attributes
    Scenario: full-width digits do not match
      Given a licence in the state VALID for the person "check-x"
      When the verifier checks the attributes with "attributes.number-full-width"
      Then the result is INVALID because of ATTR_MISMATCH

  @VER-016
  Rule: One reason for each state

    @VER-016/01 @verifier @core @attributes
    Scenario: a valid licence is VALID
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @VER-016/<nn> @verifier @core @negative @twin:VER-016/01 @attributes @destructive
    Scenario Outline: a licence in the state <state> is refused for that reason
      Given a licence in the state <state>
      When the verifier checks the attributes
      Then the result is INVALID because of <reason>

      Examples:
        | nn | state      | reason             |
        | 02 | SUSPENDED  | LICENCE_SUSPENDED  |
        | 03 | EXPIRED    | LICENCE_EXPIRED    |
        | 04 | SUPERSEDED | LICENCE_SUPERSEDED |
        | 05 | REVOKED    | LICENCE_REVOKED    |
        | 06 | DESTROYED  | LICENCE_DESTROYED  |

  @VER-017
  Rule: One wrong attribute

    @VER-017/01 @verifier @core @attributes
    Scenario: right attributes match
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @VER-017/<nn> @verifier @core @negative @twin:VER-017/01 @attributes
    Scenario Outline: a wrong <member> is the only mismatch
      Given a licence in the state VALID
      When the verifier checks the attributes with "<variation>"
      Then the result is INVALID because of ATTR_MISMATCH
      And only "<member>" is a mismatch

      Examples:
        | nn | member           | variation                   |
        | 02 | name             | attributes.wrong-name       |
        | 03 | sex              | attributes.wrong-sex        |
        | 04 | ethnicity        | attributes.wrong-ethnicity  |
        | 05 | birthDate        | attributes.wrong-birth-date |
        | 06 | address          | attributes.wrong-address    |
        | 07 | idNumber         | attributes.wrong-number     |
        | 08 | issuingAuthority | attributes.wrong-authority  |

  @VER-018
  Rule: Shape of a result

    @VER-018/01 @verifier @core @attributes
    Scenario: a VALID result has every check with a live status
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the verification result is complete

  @VER-019
  Rule: Unknown attributes

    @VER-019/01 @verifier @core @attributes
    Scenario: known attributes are VALID
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @VER-019/02 @verifier @core @negative @twin:VER-019/01 @attributes
    Scenario: an unknown attribute is not taken as true
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.unknown-attribute"
      Then the result is INDETERMINATE because of ATTR_INSUFFICIENT

  @VER-024
  Rule: Guessing is throttled

    @VER-024/01 @verifier @security @attributes @slow
    Scenario: guesses on one licence are throttled
      Given a licence in the state VALID
      When the verifier guesses birth dates beyond the declared limit
      Then the guesses are throttled

  @VER-025
  Rule: Another licence type

    @VER-025/01 @verifier @core @attributes
    Scenario: the identity card is verified
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @VER-025/02 @verifier @core @negative @twin:VER-025/01 @attributes
    Scenario: the identifier of another type is refused
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.identifier-other-type"
      Then the result is INVALID because of LICENCE_TYPE
