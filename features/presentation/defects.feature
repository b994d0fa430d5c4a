Feature: Codes that must not pass
  Operation 13: each defect changes one thing in a good code, which is its twin.

  @PRE-011
  Rule: Signature

    @PRE-011/<nn> @verifier @security @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario Outline: <what> is stopped
      When the verifier checks a code with the defect "<defect>"
      Then the code is stopped for its reason

      Examples:
        | nn | defect | what |
        | 01 | signature-bit | one bit of the signature |
        | 02 | scope-widened | a scope bit added |
        | 03 | other-domain | the signature of a view |
        | 04 | no-domain | a signature without its domain |
        | 05 | signer-id | another signer identifier |
        | 06 | unknown-kid | a kid that nobody has |
        | 07 | unlisted-signer | a device key alone |
        | 08 | other-key | another key under the right kid |

  @PRE-013
  Rule: Who may sign

    @PRE-013/<nn> @verifier @security @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario Outline: <what> is stopped
      When the verifier checks a code with the defect "<defect>"
      Then the code is stopped for its reason

      Examples:
        | nn | defect | what |
        | 01 | signer-role | a signer of status |
        | 02 | other-loader | the name of another loading end |

  @PRE-015
  Rule: Form

    @PRE-015/<nn> @verifier @core @negative @twin:PRE-001/01 @presentation @trust_control
    Scenario Outline: <what> is malformed
      When the verifier checks a code with the defect "<defect>"
      Then the code is stopped for its reason

      Examples:
        | nn | defect | what |
        | 01 | prefix-ecr0 | an older prefix |
        | 02 | prefix-ecr2 | a newer prefix |
        | 03 | prefix-lower | the prefix in lower case |
        | 04 | prefix-none | no prefix |
        | 05 | base45-character | a lower-case letter in the Base45 |
        | 06 | base45-length | one character too few |
        | 07 | base45-overflow | a group of three above 65535 |
        | 08 | line-feed | a line feed behind the code |
        | 09 | empty | nothing behind the prefix |
        | 10 | tagged | the tag of COSE_Sign1 before the array |
        | 11 | trailing | a byte behind the array |
        | 12 | open-header | something in the header that is not signed |
        | 13 | five-members | an array of five |
        | 14 | short-signature | a signature of 63 bytes |
        | 15 | algorithm-es256 | algorithm -7, rightly signed |
        | 16 | no-algorithm | no algorithm, rightly signed |
        | 17 | critical-header | a header that must be understood |
        | 18 | short-kid | a kid of seven bytes |
        | 19 | long-number | a number with more bytes than it needs |
        | 20 | key-order | two keys in the wrong order |
        | 21 | duplicate-key | the scope stands twice |
        | 22 | indefinite-map | a map without a length |
        | 23 | tag-inside | a tag before a number |
        | 24 | float | a floating point number |
        | 25 | simple-value | undefined |
        | 26 | depth-five | an array nested five deep |
        | 27 | trailing-inside | a byte behind the payload's map |
        | 28 | not-utf8 | a text that is not UTF-8 |
        | 29 | payload-array | an array instead of a map |
        | 30 | unknown-key | a key that is not known |
        | 31 | url-inside | a key with an address |
        | 32 | text-key | a text as key |
        | 33 | no-cti | no code id |
        | 34 | no-ref | no handle |
        | 35 | no-scope | no scope |
        | 36 | no-scene | no scene |
        | 37 | no-iat | no time of issue |
        | 38 | no-exp | no time of expiry |
        | 39 | short-cti | a code id of eight bytes |
        | 40 | unknown-bit | a scope bit that is not known |
        | 41 | unknown-scene | a scene that is not in the list |
        | 42 | long-nonce | a challenge of 17 bytes |
        | 43 | long-iss | a loading end of 19 characters |
        | 44 | text-time | a time as text |
        | 45 | negative-time | a time before 1970 |
