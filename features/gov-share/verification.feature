Feature: Sharing platform: results of verification
  Information results 0 to 6 and file results 0 to 2, as the target file reads them.

  @VER-004
  Rule: Suspended licence

    @VER-004/01 @verifier @core @attributes
    Scenario: a valid licence is VALID
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @VER-004/02 @verifier @core @negative @twin:VER-004/01 @attributes
    Scenario: a suspended licence is told as suspended
      Given a licence in the state SUSPENDED
      When the verifier checks the attributes
      Then the result is INVALID because of LICENCE_SUSPENDED

  @VER-005
  Rule: Licence that is no longer valid

    @VER-005/01 @verifier @core @attributes
    Scenario: a valid licence is VALID
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @VER-005/<nn> @verifier @core @negative @twin:VER-005/01 @attributes @destructive
    Scenario Outline: a licence in the state <state> is told as no longer valid
      Given a licence in the state <state>
      When the verifier checks the attributes
      Then the result is INVALID because of <reason>

      Examples:
        | nn | state   | reason          |
        | 02 | REVOKED | LICENCE_REVOKED |
        | 03 | EXPIRED | LICENCE_EXPIRED |

  @VER-008
  Rule: One wrong item

    @VER-008/01 @verifier @core @attributes
    Scenario: right items are VALID
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the result is VALID

    @VER-008/<nn> @verifier @core @negative @twin:VER-008/01 @attributes
    Scenario Outline: a wrong <item> is a mismatch
      Given a licence in the state VALID
      When the verifier checks the attributes with "<variation>"
      Then the result is INVALID because of ATTR_MISMATCH

      Examples:
        | nn | item              | variation                   |
        | 02 | name              | attributes.wrong-name       |
        | 03 | sex               | attributes.wrong-sex        |
        | 04 | ethnicity         | attributes.wrong-ethnicity  |
        | 05 | birth date        | attributes.wrong-birth-date |
        | 06 | address           | attributes.wrong-address    |
        | 07 | number            | attributes.wrong-number     |
        | 08 | issuing authority | attributes.wrong-authority  |

  @VER-012
  Rule: Failing step of a file

    @VER-012/01 @verifier @core @trust_control
    Scenario: a good file passes
      When the verifier checks the base file "orig"
      Then the result is VALID

    @VER-012/<nn> @verifier @core @negative @twin:VER-012/01 @trust_control
    Scenario Outline: a file with <what> fails at a step that is named
      When the verifier checks the attack "<attack>"
      Then the answer names the failed step

      Examples:
        | nn | attack | what                       |
        | 02 | G01    | another data hash          |
        | 03 | C08n   | a document that was added  |
