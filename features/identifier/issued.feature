Feature: Identifiers that the issuer makes
  The licence identifier (证照标识) of a licence as it is issued and re-issued.

  @IDN-001
  Rule: Root and five segments

    @IDN-001/01 @issuer @core
    Scenario: a new licence has the root and five segments
      Given a registered person
      When the issuer issues the licence
      Then the identifier is the root followed by five segments

  @IDN-002
  Rule: Length of the type segment

    @IDN-002/01 @issuer @core
    Scenario: the type segment of a new licence has 21 characters
      Given a registered person
      When the issuer issues the licence
      Then the type segment is a USCI with a three-digit sequence

  @IDN-003
  Rule: Type of the identity card

    @IDN-003/01 @issuer @core
    Scenario: a new licence has the type of the identity card
      Given a registered person
      When the issuer issues the licence
      Then the type segment is the type of the identity card

  @IDN-004
  Rule: Authority segment

    @IDN-004/01 @issuer @core
    Scenario: the authority segment of a new licence is a USCI
      Given a registered person
      When the issuer issues the licence
      Then the authority segment is a USCI with a correct check character

  @IDN-005
  Rule: Serial alphabet

    @IDN-005/01 @issuer @core
    Scenario: the serial of a new licence has digits with upper-case letters only
      Given a registered person
      When the issuer issues the licence
      Then the serial has only digits with upper-case letters

  @IDN-006
  Rule: First version

    @IDN-006/01 @issuer @core
    Scenario: the first licence of a person has version 001
      Given a registered person
      When the issuer issues the licence
      Then the version segment is 001

  @IDN-007
  Rule: Version of a re-issue

    @IDN-007/01 @issuer @core @reissue
    Scenario: a re-issued licence keeps its first three segments
      Given a licence in the state VALID
      When the issuer re-issues the licence
      Then the new identifier keeps type, authority, serial with the next version

  @IDN-008
  Rule: Check character

    @IDN-008/01 @issuer @core
    Scenario: the check character of a new licence is right
      Given a registered person
      When the issuer issues the licence
      Then the check character of the identifier is right

    @IDN-008/02 @issuer @core @reissue
    Scenario: the check character of a re-issued licence is right
      Given a licence in the state VALID
      When the issuer re-issues the licence
      Then the check character of the identifier is right

  @IDN-014
  Rule: Uniqueness

    @IDN-014/01 @issuer @core
    Scenario: ten new licences have ten identifiers
      Given a registered person
      When ten licences are issued to ten persons
      Then the identifiers are all different

    @IDN-014/02 @issuer @core @destructive
    Scenario: a licence issued after a revocation has an identifier of its own
      Given a licence in the state REVOKED
      When the issuer issues the licence
      Then the identifier differs from the earlier one
