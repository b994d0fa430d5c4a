Feature: Verdicts on licence files
  Operation 12: the file, the licence behind it, and what the verifier says of both.

  @VER-013
  Rule: A status that was not asked for

    @VER-013/01 @verifier @core @trust_control
    Scenario: a verification without status check says so
      When the verifier checks the base file "orig"
      Then the answer says that the status was not asked for

  @VER-026
  Rule: The licence behind a good file

    @VER-026/01 @verifier @core @trust_control
    Scenario: a good file of a valid licence is VALID
      When the verifier checks a file whose licence reads VALID at its issuer
      Then the result is VALID

    @VER-026/<nn> @verifier @core @negative @twin:VER-026/01 @trust_control
    Scenario Outline: a good file of a licence that reads <state> is not
      When the verifier checks a file whose licence reads <state> at its issuer
      Then the result is INVALID because of <reason>

      Examples:
        | nn | state      | reason             |
        | 02 | REVOKED    | LICENCE_REVOKED    |
        | 03 | SUSPENDED  | LICENCE_SUSPENDED  |
        | 04 | EXPIRED    | LICENCE_EXPIRED    |
        | 05 | SUPERSEDED | LICENCE_SUPERSEDED |
        | 06 | NOT_ACTIVE | LICENCE_NOT_ACTIVE |
        | 07 | DESTROYED  | LICENCE_DESTROYED  |

  @VER-027
  Rule: A status that cannot be had

    @VER-027/01 @verifier @core @negative @twin:VER-026/01 @trust_control
    Scenario: required and not to be had is INDETERMINATE
      When the verifier checks a file whose licence reads UNKNOWN at its issuer
      Then the result is INDETERMINATE because of LICENCE_STATUS_UNKNOWN

    @VER-027/02 @verifier @full @trust_control
    Scenario: best effort and not to be had may be VALID and says so
      When the verifier checks a file whose licence reads UNKNOWN at its issuer with the status BEST_EFFORT
      Then a VALID answer admits that the status is unknown

    @VER-027/03 @verifier @full @negative @twin:VER-026/01 @trust_control
    Scenario: a status past its next update is as good as none
      When the verifier checks a file whose licence status is out of date
      Then the result is INDETERMINATE because of LICENCE_STATUS_STALE

  @VER-028
  Rule: Members of the verdict

    @VER-028/01 @verifier @core @trust_control
    Scenario: a verdict has every check
      When the verifier checks the base file "orig"
      Then the answer has every check

  @VER-029
  Rule: Expected licence

    @VER-029/01 @verifier @core @trust_control
    Scenario: the expected licence is VALID
      When the verifier checks the base file "orig" and expects the right identifier
      Then the result is VALID

    @VER-029/02 @verifier @core @negative @twin:VER-029/01 @trust_control
    Scenario: another licence than expected is not
      When the verifier checks the base file "orig" and expects another identifier
      Then the result is INVALID because of EXPECT_MISMATCH

  @VER-030
  Rule: Cause of a copy

    @VER-030/01 @verifier @core @trust_control
    Scenario: a copy used for its cause is VALID
      When the verifier checks a copy for the cause it was made for
      Then the result is VALID

    @VER-030/02 @verifier @core @negative @twin:VER-030/01 @trust_control
    Scenario: a copy used for another cause is not
      When the verifier checks a copy for another cause
      Then the result is INVALID because of COPY_CAUSE_MISMATCH

  @VER-031
  Rule: Files in a batch

    @VER-031/01 @verifier @core @trust_control @batch
    Scenario: each file of a batch has its own verdict
      When the verifier checks a batch of a good file, an attack and a good file
      Then the good file is VALID and the attack INVALID, in order

  @VER-032
  Rule: What is no licence file

    @VER-032/<nn> @verifier @core @negative @twin:VER-036/01 @trust_control
    Scenario Outline: <what> is not taken for one
      When the verifier checks the nonsense "<what>"
      Then it is not taken for a licence file

      Examples:
        | nn | what         |
        | 01 | one byte     |
        | 02 | png          |
        | 03 | html         |
        | 04 | pdf          |
        | 05 | zeros        |
        | 06 | der          |
        | 07 | zip end only |

    @VER-032/<nn> @verifier @security @negative @twin:VER-036/01 @trust_control
    Scenario Outline: a file cut at <percent> percent is not taken for one
      When the verifier checks a licence file cut at <percent> percent
      Then it is not taken for a licence file

      Examples:
        | nn | percent |
        | 08 | 1       |
        | 09 | 10      |
        | 10 | 20      |
        | 11 | 30      |
        | 12 | 40      |
        | 13 | 50      |
        | 14 | 60      |
        | 15 | 70      |
        | 16 | 80      |
        | 17 | 99      |

  @VER-033
  Rule: Nothing in a file is fetched

    @VER-033/<nn> @verifier @security @trust_control
    Scenario Outline: <what> calls nobody
      When the verifier checks the attack "<attack>"
      Then nobody was called

      Examples:
        | nn | attack | what                                 |
        | 01 | X01a   | an external entity                   |
        | 02 | X01c   | an external subset in the list       |
        | 03 | X01d   | an external subset in the signature  |
        | 04 | C26a   | an action with an address            |

  @VER-034
  Rule: Files are not given back

    @VER-034/01 @verifier @security @trust_control
    Scenario: the answer does not repeat the file
      When the verifier checks the base file "orig"
      Then the answer does not repeat the file

  @VER-035
  Rule: The verifier and the issuer of one product

    @VER-035/01 @verifier @core @original
    Scenario: an original that the product issued is VALID
      Given a licence in the state VALID
      When the verifier checks the original of the licence
      Then the result is VALID

    @VER-035/02 @verifier @core @negative @twin:VER-035/01 @original
    Scenario: the original of a suspended licence is not
      Given a licence in the state SUSPENDED
      When the verifier checks the original of the licence
      Then the result is INVALID because of LICENCE_SUSPENDED

    @VER-035/03 @verifier @core @copy
    Scenario: a copy that the product made is VALID
      Given a licence in the state VALID
      When the verifier checks the copy of the licence
      Then the result is VALID
