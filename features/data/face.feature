Feature: Items of the face
  What the face of the card holds, and how names survive.

  @DAT-010
  Rule: Items of article 3

    @DAT-010/01 @issuer @core
    Scenario: the metadata hold only items of the card
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the holder has only items of the card

  @DAT-011
  Rule: Signing authority

    @DAT-011/01 @issuer @core
    Scenario: the signing authority is a public-security organ
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the signing authority is a public-security organ

  @DAT-012
  Rule: Lengths

    @DAT-012/01 @issuer @core
    Scenario: a name of 50 characters is accepted
      Given a registered person "name-50"
      When the issuer issues the licence
      Then the request is accepted

    @DAT-012/02 @issuer @core @negative @twin:DAT-012/01
    Scenario: a name of 51 characters is refused
      Given a registered person
      When the issuer issues the licence with "issue.name-51"
      Then the request is refused as INVALID_REQUEST naming "holder.name"
      And the person has no licence

    @DAT-012/03 @issuer @core
    Scenario: an address of 70 characters is accepted
      Given a registered person "address-70"
      When the issuer issues the licence
      Then the request is accepted

    @DAT-012/04 @issuer @core @negative @twin:DAT-012/03
    Scenario: an address of 71 characters is refused
      Given a registered person
      When the issuer issues the licence with "issue.address-71"
      Then the request is refused as INVALID_REQUEST naming "holder.address"
      And the person has no licence

  @DAT-013
  Rule: Middle dot

    @DAT-013/01 @issuer @core
    Scenario: a middle dot survives
      Given a licence in the state VALID for the person "middle-dot"
      When the caller reads the metadata
      Then the name in the licence is the name of the person

    @DAT-013/02 @issuer @core @negative @twin:DAT-013/01
    Scenario: a bullet in place of the middle dot is refused
      Given a registered person "middle-dot"
      When the issuer issues the licence with "issue.name-bullet"
      Then the request is refused as INVALID_REQUEST naming "holder.name"
      And the person has no licence

    @DAT-013/03 @issuer @core @negative @twin:DAT-013/01
    Scenario: a katakana dot in place of the middle dot is refused
      Given a registered person "middle-dot"
      When the issuer issues the licence with "issue.name-katakana-dot"
      Then the request is refused as INVALID_REQUEST naming "holder.name"
      And the person has no licence

  @DAT-014
  Rule: Supplementary ideographs

    @DAT-014/01 @issuer @core
    Scenario: an ideograph of extension B survives
      Given a licence in the state VALID for the person "extension-b"
      When the caller reads the metadata
      Then the name in the licence is the name of the person

    @DAT-014/02 @issuer @core
    Scenario: an ideograph of extension A survives
      Given a licence in the state VALID for the person "extension-a"
      When the caller reads the metadata
      Then the name in the licence is the name of the person

    @DAT-014/03 @issuer @core
    Scenario: an ideograph of extension G survives
      Given a licence in the state VALID for the person "extension-g"
      When the caller reads the metadata
      Then the name in the licence is the name of the person

    @DAT-014/04 @issuer @core
    Scenario: the ideographic zero survives
      Given a licence in the state VALID for the person "ideographic-zero"
      When the caller reads the metadata
      Then the name in the licence is the name of the person

    @DAT-014/05 @issuer @security @property @slow
    Scenario: what was issued is what is read
      Given a registered person
      When many generated persons get a licence
      Then the property holds

  @DAT-015
  Rule: No compatibility normalisation

    @DAT-015/01 @verifier @core @attributes
    Scenario: a compatibility ideograph matches itself
      Given a licence in the state VALID for the person "compatibility"
      When the verifier checks the attributes
      Then the result is VALID

    @DAT-015/02 @verifier @core @negative @twin:DAT-015/01 @attributes
    Scenario: the normalised name does not match
      Given a licence in the state VALID for the person "compatibility"
      When the verifier checks the attributes with "attributes.name-normalised"
      Then the result is INVALID because of ATTR_MISMATCH
      And only "name" is a mismatch

  @DAT-016
  Rule: Second script

    @DAT-016/01 @issuer @optional
    Scenario: a name in a second script is kept
      Given a licence in the state VALID for the person "minority-script"
      When the caller reads the metadata
      Then the second script is the one of the person
