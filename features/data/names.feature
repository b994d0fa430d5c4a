Feature: Rare names all the way
  Names with rare characters go from issue to metadata, file, verifier; look-alikes and invisible characters do not.

  @DAT-014
  Rule: Supplementary ideographs all the way

    @DAT-014/<nn> @issuer @core
    Scenario Outline: a name with <kind> is read as it was issued
      Given a licence in the state VALID for the person "<kind>"
      When the caller reads the metadata
      Then the name in the licence is the name of the person

      Examples:
        | nn | kind            |
        | 06 | extension-c     |
        | 07 | extension-d     |
        | 08 | extension-e     |
        | 09 | extension-f     |
        | 10 | extension-h     |
        | 11 | extension-i     |
        | 12 | moved-character |

    @DAT-014/<nn> @issuer @core @original
    Scenario Outline: a name with <kind> is the same in file, page and interface
      Given a licence in the state VALID for the person "<kind>"
      When the caller fetches the original
      Then file, page and interface agree

      Examples:
        | nn | kind             |
        | 13 | extension-a      |
        | 14 | extension-b      |
        | 15 | extension-e      |
        | 16 | extension-g      |
        | 17 | extension-i      |
        | 18 | ideographic-zero |
        | 19 | moved-character  |

    @DAT-014/<nn> @verifier @core @attributes
    Scenario Outline: a name with <kind> matches itself
      Given a licence in the state VALID for the person "<kind>"
      When the verifier checks the attributes
      Then the result is VALID

      Examples:
        | nn | kind             |
        | 20 | extension-a      |
        | 21 | extension-b      |
        | 22 | extension-c      |
        | 23 | extension-d      |
        | 24 | extension-f      |
        | 25 | extension-g      |
        | 26 | extension-h      |
        | 27 | extension-i      |
        | 28 | ideographic-zero |
        | 29 | moved-character  |

    @DAT-014/30 @verifier @core @negative @twin:DAT-014/21 @attributes
    Scenario: another name of rare characters does not match
      Given a licence in the state VALID for the person "extension-b"
      When the verifier checks the attributes with "attributes.wrong-name"
      Then the result is INVALID because of ATTR_MISMATCH
      And only "name" is a mismatch

    @DAT-014/31 @sharing_service @core
    Scenario: the licence of a holder with a rare name is found
      Given a licence in the state VALID for the person "extension-b"
      When the caller searches by holder
      Then the search finds the licence with its status

  @DAT-015
  Rule: No replacement of characters

    @DAT-015/<nn> @issuer @core
    Scenario Outline: a name with <kind> is read as it was issued
      Given a licence in the state VALID for the person "<kind>"
      When the caller reads the metadata
      Then the name in the licence is the name of the person

      Examples:
        | nn | kind               |
        | 03 | private-use        |
        | 04 | variation-sequence |
        | 05 | compatibility      |

    @DAT-015/<nn> @issuer @core @original
    Scenario Outline: a name with <kind> is the same in file, page and interface
      Given a licence in the state VALID for the person "<kind>"
      When the caller fetches the original
      Then file, page and interface agree

      Examples:
        | nn | kind               |
        | 06 | private-use        |
        | 07 | variation-sequence |
        | 08 | compatibility      |

    @DAT-015/<nn> @verifier @core @attributes
    Scenario Outline: a name with <kind> matches itself
      Given a licence in the state VALID for the person "<kind>"
      When the verifier checks the attributes
      Then the result is VALID

      Examples:
        | nn | kind               |
        | 09 | private-use        |
        | 10 | variation-sequence |

  @DAT-012
  Rule: Short and long names

    @DAT-012/05 @issuer @core
    Scenario: a name of one character is accepted
      Given a registered person "name-1"
      When the issuer issues the licence
      Then the licence holds what was issued

    @DAT-012/06 @issuer @core @original
    Scenario: a name of 50 characters is the same in file, page and interface
      Given a licence in the state VALID for the person "name-50"
      When the caller fetches the original
      Then file, page and interface agree

    @DAT-012/07 @issuer @core @original
    Scenario: an address of 70 characters is the same in file, page and interface
      Given a licence in the state VALID for the person "address-70"
      When the caller fetches the original
      Then file, page and interface agree

  @DAT-013
  Rule: Middle dot and its look-alikes

    @DAT-013/<nn> @issuer @core @negative @twin:DAT-013/01
    Scenario Outline: <defect> in place of the middle dot is refused
      Given a registered person "middle-dot"
      When the issuer issues the licence with "<variation>"
      Then the request is refused as INVALID_REQUEST naming "holder.name"
      And the person has no licence

      Examples:
        | nn | defect                 | variation                    |
        | 04 | a hyphenation point    | issue.name-hyphenation-point |
        | 05 | a full-width full stop | issue.name-full-width-stop   |
        | 06 | a small full stop      | issue.name-small-stop        |
        | 07 | a half-width dot       | issue.name-half-width-dot    |
        | 08 | a full stop            | issue.name-full-stop         |

    @DAT-013/09 @issuer @core @original
    Scenario: a middle dot is the same in file, page and interface
      Given a licence in the state VALID for the person "middle-dot"
      When the caller fetches the original
      Then file, page and interface agree

    @DAT-013/10 @verifier @core @attributes
    Scenario: a name with a middle dot matches itself
      Given a licence in the state VALID for the person "middle-dot"
      When the verifier checks the attributes
      Then the result is VALID

  @ISS-007
  Rule: More invisible characters in names

    @ISS-007/<nn> @issuer @security @negative @twin:ISS-007/01
    Scenario Outline: <defect> is refused
      Given a registered person
      When the issuer issues the licence with "<variation>"
      Then the request is refused as INVALID_REQUEST naming "holder.name"
      And the person has no licence

      Examples:
        | nn | defect                    | variation                          |
        | 04 | a left-to-right embedding | issue.name-left-to-right-embedding |
        | 05 | a right-to-left isolate   | issue.name-right-to-left-isolate   |
        | 06 | a zero-width joiner       | issue.name-joiner                  |
        | 07 | a zero-width space        | issue.name-no-break                |
        | 08 | a soft hyphen             | issue.name-soft-hyphen             |

  @DAT-001
  Rule: Width of the citizen number

    @DAT-001/06 @issuer @core @negative @twin:DAT-001/01
    Scenario: full-width digits are refused
      Given a registered person
      When the issuer issues the licence with "issue.number-full-width"
      Then the request is refused as INVALID_REQUEST naming "holder.idNumber"
      And the person has no licence

  @DAT-016
  Rule: Second script in the file

    @DAT-016/02 @issuer @optional @original
    Scenario: a licence with a second script is the same in file, page and interface
      Given a licence in the state VALID for the person "minority-script"
      When the caller fetches the original
      Then file, page and interface agree

  @DAT-017 @wire
  Rule: Photo

    @DAT-017/01 @issuer @core
    Scenario: a photo is accepted
      Given a registered person
      When the issuer issues the licence with "issue.photo"
      Then the request is accepted

    @DAT-017/02 @issuer @security
    Scenario: a photo loses the data about its making
      Given a registered person
      Given the issuer has issued the licence with "issue.photo-exif"
      When the caller reads the metadata with "metadata.photo"
      Then the photo is a JPEG without data about its making

    @DAT-017/<nn> @issuer @security @negative @twin:DAT-017/01
    Scenario Outline: <defect> is refused
      Given a registered person
      When the issuer issues the licence with "<variation>"
      Then the request is refused as INVALID_REQUEST naming "holder.photo"
      And the person has no licence

      Examples:
        | nn | defect                      | variation        |
        | 03 | a PNG                       | issue.photo-png  |
        | 04 | a photo with a page behind  | issue.photo-page |
        | 05 | a photo of 65,000 by 65,000 | issue.photo-huge |
