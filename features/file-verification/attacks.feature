Feature: Licence files that must not pass
  Operation 12: each attack changes one thing in a good file of the same seed, which is its twin.

  @VER-036
  Rule: Good files

    @VER-036/<nn> @verifier @core @trust_control
    Scenario Outline: <what> is VALID
      When the verifier checks the base file "<file>"
      Then the result is VALID

      Examples:
        | nn | file | what |
        | 01 | orig | sealed original |
        | 02 | orig-deflate | compressed |
        | 03 | orig-descriptor | data descriptors and folder entries |
        | 04 | orig-noattach | without the attached JSON |
        | 05 | orig-font | with an embedded font |
        | 06 | orig-template | with a page template |
        | 07 | orig-annot | with a harmless annotation |
        | 08 | orig-longterm | long-term licence |
        | 09 | orig-replaced | replaces another licence |
        | 10 | orig-rare-name | name with a middle dot and an extension-B character |
        | 11 | orig-digestlist | seal that lists digests |
        | 12 | orig-ts | with a time stamp |
        | 13 | orig-whole | list of signatures covered |
        | 14 | orig-expired-signer-ts | signer expired since, with a time stamp |
        | 15 | orig-revoked-signer-ts | signer revoked after signing, with a time stamp |
        | 16 | orig-hold-removed | signer was on hold, no longer is |
        | 17 | orig-root-signer | signer directly under the root |
        | 18 | orig-long-subject | signer with a long Chinese name |
        | 19 | copy | annotated copy |
        | 20 | copy-noexpiry | annotated copy without expiry |
        | 21 | sign-hash | annotated copy signed over the hash, without attributes |

  @FIL-006
  Rule: Changed bytes

    @FIL-006/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | C08n | VER-036/01 | second document added after sealing |
        | 02 | C09n | VER-036/01 | version added after sealing |
        | 03 | G01 | VER-036/01 | dataHash differs |
        | 04 | G02a | VER-036/01 | propertyInfo names another file |
        | 05 | G02b | VER-036/01 | seal signature of another file |
        | 06 | G03 | VER-036/01 | description and seal signature of another file |
        | 07 | G14a | VER-036/19 | messageDigest wrong, signature right |
        | 08 | G14c | VER-036/19 | embedded content differs |
        | 09 | E16d | VER-036/01 | stamp moved after sealing |

  @FIL-007
  Rule: Missing signature

    @FIL-007/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | C14 | VER-036/01 | record taken out of the list |
        | 02 | C25b | VER-036/01 | list of signatures missing |
        | 03 | C25c | VER-036/01 | description missing |
        | 04 | C25d | VER-036/01 | OFD.xml names no list of signatures |
        | 05 | C31 | VER-036/01 | signature value missing |

  @FIL-008
  Rule: Coverage

    @FIL-008/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | C01r | VER-036/01 | OFD.xml left out of the references |
        | 02 | C01n | VER-036/01 | OFD.xml uncovered and repointed after sealing |
        | 03 | C02r | VER-036/06 | page template uncovered |
        | 04 | C02n | VER-036/06 | page template uncovered and changed |
        | 05 | C03r | VER-036/05 | font uncovered |
        | 06 | C03n | VER-036/05 | font uncovered and swapped |
        | 07 | C03p | VER-036/01 | photo uncovered and swapped |
        | 08 | C04r | VER-036/07 | annotation uncovered |
        | 09 | C04n | VER-036/07 | annotation uncovered and changed |
        | 10 | C05r | VER-036/01 | index uncovered |
        | 11 | C05n | VER-036/01 | index uncovered and changed |
        | 12 | C06r | VER-036/01 | attachment uncovered |
        | 13 | C06n | VER-036/01 | attachment uncovered and changed |
        | 14 | C07 | VER-036/01 | entry that nothing reaches |
        | 15 | C10a | VER-036/01 | reference list emptied |
        | 16 | C10b | VER-036/01 | one harmless file covered |
        | 17 | C20r | VER-036/07 | annotation over a text, in an uncovered file |
        | 18 | C20n | VER-036/07 | annotation over a text, added after sealing |
        | 19 | C21 | VER-036/06 | hidden object shown by an uncovered file |

  @FIL-009
  Rule: What the file says

    @FIL-009/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | D01 | VER-036/01 | item twice, values differ |
        | 02 | D02 | VER-036/01 | index points at another object's text |
        | 03 | D03 | VER-036/01 | index points at an object that is not there |
        | 04 | D04a | VER-036/01 | page differs from the metadata |
        | 05 | D04b | VER-036/01 | attachment differs from the metadata |
        | 06 | D04c | VER-036/01 | attachment differs from the page |
        | 07 | D04d | VER-036/01 | validity on the page differs |
        | 08 | D07a | VER-036/01 | original with an item of a copy |
        | 09 | D07b | VER-036/01 | original that names an original |
        | 10 | D08a | VER-036/19 | copy without cause |
        | 11 | D08b | VER-036/19 | copy without creator |
        | 12 | D08c | VER-036/19 | copy without creation time |
        | 13 | D09b | VER-036/19 | copy that expires before it was made |
        | 14 | D11a | VER-036/19 | watermark hidden |
        | 15 | D11b | VER-036/19 | watermark with another cause |
        | 16 | D12a | VER-036/01 | indexed object hidden |
        | 17 | D12b | VER-036/01 | indexed object outside the page |
        | 18 | D12c | VER-036/01 | indexed object under an opaque one |
        | 19 | D14a | VER-036/01 | mandatory item missing |
        | 20 | D14b | VER-036/01 | metadata under a misspelt element |
        | 21 | D15 | VER-036/01 | photo is another one |
        | 22 | D17 | VER-036/01 | attachment that is no JSON |

  @FIL-011
  Rule: Expired copies

    @FIL-011/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | D09 | VER-036/19 | copy past its expiry |

  @FIL-012
  Rule: Containers and XML

    @FIL-012/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | C08r | VER-036/01 | second document |
        | 02 | C09r | VER-036/01 | version of the document |
        | 03 | C16 | VER-036/01 | two records with one id |
        | 04 | C22 | VER-036/01 | two references for one file, one value right |
        | 05 | C23a | VER-036/01 | FileRef relative |
        | 06 | C23b | VER-036/01 | FileRef with .. |
        | 07 | C23c | VER-036/01 | FileRef in other case |
        | 08 | C23d | VER-036/01 | FileRef percent-encoded |
        | 09 | C23e | VER-036/01 | FileRef with backslashes |
        | 10 | C25a | VER-036/01 | reference to a file that is not there |
        | 11 | C26a | VER-036/01 | action that opens an address |
        | 12 | C26b | VER-036/01 | action that opens an attachment |
        | 13 | C26c | VER-036/01 | action that plays a sound |
        | 14 | C26d | VER-036/01 | action that plays a film |
        | 15 | C27 | VER-036/01 | archival document type |
        | 16 | C28 | VER-036/01 | page that is not there |
        | 17 | C29 | VER-036/01 | highest id is not the highest |
        | 18 | C30 | VER-036/01 | BaseLoc relative |
        | 19 | G06a | VER-036/01 | r is negative |
        | 20 | G06b | VER-036/01 | r is padded |
        | 21 | G06c | VER-036/01 | length in a longer form |
        | 22 | G06d | VER-036/01 | indefinite length |
        | 23 | G06e | VER-036/01 | trailing bytes |
        | 24 | G06f | VER-036/01 | unused bits in the signature |
        | 25 | G14b | VER-036/19 | two signers |
        | 26 | G15d | VER-036/01 | timeInfo with a fraction |
        | 27 | G15o | VER-036/01 | timeInfo with an offset |
        | 28 | E15a | VER-036/01 | packages nested in the picture |
        | 29 | E15b | VER-036/01 | picture of 4 gigapixels |
        | 30 | E15c | VER-036/01 | picture of 300 mm |
        | 31 | Z01a | VER-036/01 | a forged page first, the genuine one last |
        | 32 | Z01b | VER-036/01 | the genuine page first, a forged one last |
        | 33 | Z02a | VER-036/01 | names that differ in case |
        | 34 | Z02b | VER-036/01 | names that differ in normalisation |
        | 35 | Z03a | VER-036/01 | backslash in a name |
        | 36 | Z03b | VER-036/01 | name with a leading slash |
        | 37 | Z03c | VER-036/01 | name with ./ |
        | 38 | Z03d | VER-036/01 | name with // |
        | 39 | Z03e | VER-036/01 | control character in a name |
        | 40 | Z04a | VER-036/01 | name with ../ |
        | 41 | Z04b | VER-036/01 | name with a drive |
        | 42 | Z04c | VER-036/01 | symbolic link |
        | 43 | Z05a | VER-036/01 | another name in the local header |
        | 44 | Z05b | VER-036/01 | another size in the local header |
        | 45 | Z05c | VER-036/01 | another checksum in the local header |
        | 46 | Z05d | VER-036/01 | another method in the local header |
        | 47 | Z05e | VER-036/01 | another flag in the local header |
        | 48 | Z06a | VER-036/01 | bytes before the first entry |
        | 49 | Z06b | VER-036/01 | bytes between entries |
        | 50 | Z06c | VER-036/01 | bytes behind the end record |
        | 51 | Z06d | VER-036/01 | two end records |
        | 52 | Z06e | VER-036/01 | a comment that holds an end record |
        | 53 | Z07 | VER-036/01 | two entries share their bytes |
        | 54 | Z08a | VER-036/01 | entry that unpacks to a thousand times its size |
        | 55 | Z08b | VER-036/01 | entries that unpack to more than 32 MiB |
        | 56 | Z08c | VER-036/01 | 600 entries |
        | 57 | Z09 | VER-036/01 | package as an attachment |
        | 58 | Z10a | VER-036/01 | data descriptor that disagrees |
        | 59 | Z10b | VER-036/01 | checksum zero |
        | 60 | Z11a | VER-036/01 | entry said to be encrypted |
        | 61 | Z11b | VER-036/01 | unknown method |
        | 62 | Z11c | VER-036/01 | ZIP64 field |
        | 63 | Z12 | VER-036/01 | entry that the directory does not name |
        | 64 | Z13 | VER-036/01 | number of entries wrong |
        | 65 | Z14 | VER-036/01 | folder with content |
        | 66 | Z15 | VER-036/01 | package cut in the middle |
        | 67 | X01a | VER-036/01 | external entity in a covered file |
        | 68 | X01b | VER-036/01 | parameter entity in OFD.xml |
        | 69 | X01c | VER-036/01 | external entity in the list of signatures |
        | 70 | X01d | VER-036/01 | external entity in the description |
        | 71 | X02 | VER-036/01 | entity expansion |
        | 72 | X03 | VER-036/01 | attribute twice |
        | 73 | X04a | VER-036/01 | document in another namespace |
        | 74 | X04b | VER-036/01 | signature record of another namespace |
        | 75 | X04c | VER-036/01 | references of another namespace |
        | 76 | X05a | VER-036/01 | two times SignedInfo |
        | 77 | X05b | VER-036/01 | two times References |
        | 78 | X05c | VER-036/01 | two times Signatures |
        | 79 | X06a | VER-036/01 | GBK declared |
        | 80 | X06b | VER-036/01 | UTF-16 |
        | 81 | X06c | VER-036/01 | byte order mark |
        | 82 | X06d | VER-036/01 | invalid UTF-8 |
        | 83 | X06e | VER-036/01 | NUL |
        | 84 | X07a | VER-036/01 | comment inside a CheckValue |
        | 85 | X07b | VER-036/01 | instruction inside the place of the value |
        | 86 | X08 | VER-036/01 | CDATA inside a CheckValue |
        | 87 | X09a | VER-036/01 | nested 70 deep |
        | 88 | X09b | VER-036/01 | 70 attributes |
        | 89 | X10a | VER-036/01 | malformed tag file |
        | 90 | X10b | VER-036/01 | document cut |
        | 91 | X11a | VER-036/01 | white space in a CheckValue |
        | 92 | X11b | VER-036/01 | url-safe letters in a CheckValue |
        | 93 | X11c | VER-036/01 | CheckValue without padding |
        | 94 | X11d | VER-036/01 | pad bits of a CheckValue not zero |

  @FIL-021
  Rule: Roles of signers

    @FIL-021/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | C15 | VER-036/01 | record retargeted to a valid signature over a harmless file |
        | 02 | C17 | VER-036/01 | Seal turned into Sign |
        | 03 | C18 | VER-036/01 | signature appended by somebody else |
        | 04 | C19 | VER-036/01 | original signed by a copy maker |
        | 05 | G18 | VER-036/19 | Sign turned into Seal |
        | 06 | K47 | VER-036/01 | key of a loading-end provider |
        | 07 | D10a | VER-036/19 | creator is not the signer |
        | 08 | D10b | VER-036/19 | copy signed by a leaf with another role |

  @PKI-001
  Rule: Algorithms

    @PKI-001/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | C11 | VER-036/01 | CheckMethod absent |
        | 02 | C12a | VER-036/01 | CheckMethod MD5 |
        | 03 | C12b | VER-036/01 | CheckMethod SHA-1 |
        | 04 | C13 | VER-036/01 | CheckMethod keyed SM3 |
        | 05 | G10a | VER-036/01 | algorithm RSA named |
        | 06 | G10b | VER-036/01 | algorithm ECDSA named |
        | 07 | G10c | VER-036/01 | algorithm SM2 without digest named |
        | 08 | G10d | VER-036/01 | SignatureMethod RSA |
        | 09 | K28 | VER-036/01 | RSA key of 1024 bits |
        | 10 | K29 | VER-036/01 | certificate signed with SHA-1 |

  @PKI-002
  Rule: Certificate paths

    @PKI-002/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | E13a | VER-036/01 | signer is a CA |
        | 02 | E13b | VER-036/01 | signer's key is for encryption |
        | 03 | K01 | VER-036/01 | unknown root |
        | 04 | K02 | VER-036/01 | look-alike root |
        | 05 | K03 | VER-036/01 | look-alike root with the same key identifier |
        | 06 | K04 | VER-036/01 | self-signed leaf |
        | 07 | K05 | VER-036/01 | leaf signed by a leaf |
        | 08 | K06 | VER-036/01 | CA without keyCertSign |
        | 09 | K07 | VER-036/01 | path length exceeded |
        | 10 | K08 | VER-036/01 | name constraint violated |
        | 11 | K09 | VER-036/01 | intermediate missing |
        | 12 | K10 | VER-036/01 | key identifiers differ |
        | 13 | K11 | VER-036/01 | intermediates form a loop |
        | 14 | K12 | VER-036/01 | chain of twelve |
        | 15 | K16 | VER-036/01 | notAfter before notBefore |
        | 16 | K17 | VER-036/01 | wrong time type |
        | 17 | K36 | VER-036/01 | BER length |
        | 18 | K37 | VER-036/01 | extension twice |
        | 19 | K38 | VER-036/01 | unknown critical extension |
        | 20 | K39 | VER-036/01 | trailing bytes |
        | 21 | K41 | VER-036/01 | algorithms inside and outside differ |
        | 22 | K42 | VER-036/01 | NUL inside the common name |
        | 23 | K43a | VER-036/01 | negative serial number |
        | 24 | K43b | VER-036/01 | serial number of 21 bytes |
        | 25 | K45 | VER-036/01 | purpose TLS server only |
        | 26 | K49 | VER-036/01 | production mark inside the test tree |

  @PKI-003
  Rule: Times

    @PKI-003/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | G15a | VER-036/01 | signed in the future |
        | 02 | G15b | VER-036/01 | signed before the certificate was valid |
        | 03 | G15c | VER-036/01 | signed after the certificate had expired |
        | 04 | G15e | VER-036/01 | SignatureDateTime 6 s off |
        | 05 | G15f | VER-036/01 | SignatureDateTime 8 h off |
        | 06 | E07a | VER-036/01 | seal expired at signing |
        | 07 | E07b | VER-036/01 | seal not yet valid at signing |
        | 08 | E09a | VER-036/01 | validity ends before it begins |
        | 09 | E09b | VER-036/01 | UTCTime in a seal of 2020 |
        | 10 | E14e | VER-036/01 | signer expired since, no time stamp |
        | 11 | K15 | VER-036/01 | intermediate expired |

  @PKI-005
  Rule: Revocation and time stamps

    @PKI-005/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | G16a | VER-036/12 | time stamp over another value |
        | 02 | G16b | VER-036/12 | time stamp by an authority that is not trusted |
        | 03 | G16c | VER-036/12 | dummy bytes for a time stamp |
        | 04 | G16d | VER-036/12 | time stamp earlier than the signature |
        | 05 | G16e | VER-036/12 | time stamp by an authority without critical purpose |
        | 06 | G20 | VER-036/12 | time stamp required, none there |
        | 07 | E14a | VER-036/01 | signer revoked before signing |
        | 08 | E14b | VER-036/01 | signer revoked after signing, no time stamp |
        | 09 | E14c | VER-036/01 | no revocation data |
        | 10 | E14d | VER-036/01 | revocation list stale |
        | 11 | K21 | VER-036/01 | intermediate revoked |
        | 12 | K22 | VER-036/01 | revocation list expired |
        | 13 | K23 | VER-036/01 | revocation list signed by the wrong key |
        | 14 | K24 | VER-036/01 | indirect revocation list |
        | 15 | K25 | VER-036/01 | OCSP answers unknown |
        | 16 | K26 | VER-036/01 | OCSP answer with another nonce |
        | 17 | K27 | VER-036/01 | OCSP signer without its purpose |

  @PKI-006
  Rule: Seals

    @PKI-006/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | G13a | VER-036/01 | version of the signature differs from the seal's |
        | 02 | G17a | VER-036/01 | seal of 2014 under the default switches |
        | 03 | G17b | VER-036/01 | seal of 2025 under the default switches |
        | 04 | E01 | VER-036/01 | seal of another unit |
        | 05 | E02a | VER-036/11 | wrong digest in the list |
        | 06 | E02b | VER-036/11 | digest under another algorithm's name |
        | 07 | E03 | VER-036/01 | empty list |
        | 08 | E04 | VER-036/01 | picture replaced, maker's signature kept |
        | 09 | E05 | VER-036/01 | seal file differs from the seal signed |
        | 10 | E05m | VER-036/01 | seal file missing |
        | 11 | E11a | VER-036/01 | maker's certificate had expired |
        | 12 | E11b | VER-036/01 | maker's certificate revoked |
        | 13 | E11c | VER-036/01 | maker under an unknown root |
        | 14 | E11d | VER-036/01 | self-made maker |
        | 15 | E12 | VER-036/01 | maker may not sign |
        | 16 | E16a | VER-036/01 | stamp on a page that does not exist |
        | 17 | E16b | VER-036/01 | stamp outside the page |
        | 18 | E16c | VER-036/01 | stamp clipped to nothing |
        | 19 | E18 | VER-036/01 | seal labelled with an unknown version |
        | 20 | E19 | VER-036/01 | picture exchanged in the sealed seal |

  @PKI-007
  Rule: Values of SM2 signatures

    @PKI-007/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | G04a | VER-036/01 | r is 0 |
        | 02 | G04b | VER-036/01 | s is 0 |
        | 03 | G04c | VER-036/01 | r is n |
        | 04 | G04d | VER-036/01 | s is above n |
        | 05 | G04e | VER-036/01 | r and s of something else |
        | 06 | G05 | VER-036/01 | raw r and s |
        | 07 | G07 | VER-036/01 | signed without Z |
        | 08 | G08 | VER-036/01 | signed under another signer identifier |
        | 09 | G08e | VER-036/01 | signed under the empty signer identifier |
        | 10 | G09 | VER-036/01 | hash signed instead of what is hashed |
        | 11 | G11 | VER-036/01 | signer's key with the curve P-256 |
        | 12 | G12a | VER-036/01 | signer's point off the curve |
        | 13 | G12b | VER-036/01 | signer's point at infinity |
        | 14 | K30 | VER-036/01 | P-256 key under the SM2 curve |
        | 15 | K31 | VER-036/01 | SM2 key with the P-256 curve |
        | 16 | K32 | VER-036/01 | certificate signed under the empty signer identifier |
        | 17 | K33a | VER-036/01 | r of the certificate's signature is 0 |
        | 18 | K33b | VER-036/01 | s of the certificate's signature is n |
        | 19 | K33c | VER-036/01 | r of the certificate's signature is negative |
        | 20 | K33d | VER-036/01 | r of the certificate's signature is padded |
        | 21 | K34 | VER-036/01 | point not on the curve |
        | 22 | K35 | VER-036/01 | point at infinity |

  @PKI-009
  Rule: Issuing authority

    @PKI-009/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | E17 | VER-036/01 | signer of another issuing authority |

  @FIL-022
  Rule: Type and identifier

    @FIL-022/<nn> @verifier @security @negative @twin:<twin> @trust_control @slow
    Scenario Outline: <what> is stopped
      When the verifier checks the attack "<attack>"
      Then the attack is stopped for its reason

      Examples:
        | nn | attack | twin | what |
        | 01 | D05 | VER-036/01 | wrong check character in the identifier |
        | 02 | D13 | VER-036/01 | type code of another licence |
