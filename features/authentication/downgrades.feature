Feature: Downgrades and floods
  Weaker algorithms, credentials elsewhere, many wrong signatures, many guesses.

  @SEC-001 @wire
  Rule: Approved algorithms

    @SEC-001/01 @issuer @security
    Scenario: the signature of the profile is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @SEC-001/<nn> @issuer @security @negative @twin:SEC-001/01
    Scenario Outline: <defect> is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "<variation>"
      Then the request is refused as UNAUTHENTICATED

      Examples:
        | nn | defect             | variation           |
        | 02 | SM3 without a key  | auth.digest-sm3     |
        | 03 | SHA-256            | auth.digest-sha256  |
        | 04 | MD5                | auth.digest-md5     |
        | 05 | the algorithm none | auth.algorithm-none |

    @SEC-001/06 @issuer @security
    Scenario: the anchors hold SM2 with SM3 only
      Given the target is reachable
      When the caller reads the trust anchors
      Then the anchors hold SM2 with SM3 only

  @SEC-002 @wire
  Rule: Credentials in the query

    @SEC-002/01 @issuer @security
    Scenario: credentials in headers are accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @SEC-002/02 @issuer @security @negative @twin:SEC-002/01
    Scenario: the same credentials in the query are refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.in-query"
      Then the request is refused as UNAUTHENTICATED

  @ATH-013 @wire
  Rule: Floods of wrong credentials

    @ATH-013/01 @issuer @security @exclusive
    Scenario: wrong credentials of one application do not lock out another
      Given a licence in the state VALID
      Given an application that nobody knows was refused 60 times
      When the caller reads the metadata
      Then the request is accepted

  @COM-022 @wire
  Rule: When to come back

    @COM-022/01 @verifier @security @attributes @slow
    Scenario: a throttled caller is told when to come back
      Given a licence in the state VALID
      When the verifier guesses birth dates beyond the declared limit
      Then the guesses are throttled
      And the refusal says when to come back

  @VER-040
  Rule: Guesses in batches

    @VER-040/01 @verifier @security @attributes @batch
    Scenario: guesses in batches are throttled
      Given a licence in the state VALID
      When the verifier guesses birth dates in batches beyond the declared limit
      Then the guesses of the batch are throttled

  @IFC-027
  Rule: Searching for unknown holders

    @IFC-027/01 @sharing_service @security @second_caller @exclusive
    Scenario: searches for unknown holders are throttled
      Given the target is reachable
      When the second caller searches for unknown holders beyond the declared limit
      Then the guesses are throttled

  @ATH-014 @wire
  Rule: Time of refusals

    @ATH-014/01 @issuer @security @exclusive
    Scenario: wrong signatures of known and unknown applications take the same time
      Given a licence in the state VALID
      When wrong signatures of a known and of an unknown application are timed
      Then the two take the same time

  @COM-028 @wire
  Rule: One shape

    @COM-028/01 @issuer @core
    Scenario: two reads of a status have the same members
      Given a licence in the state VALID
      When the caller reads the status twice
      Then both answers have the same members

  @SEC-005
  Rule: Broken versions and cipher suites of TLS

    @SEC-005/01 @all @security @tls
    Scenario: today's TLS is accepted under the name of the service
      Given the target is reachable
      When the caller asks for the capabilities
      Then the request is accepted

    @SEC-005/<nn> @all @security @negative @tls @twin:SEC-005/01
    Scenario Outline: <what> is refused
      Given the target is reachable
      When a client offers <what>
      Then the offer is refused

      Examples:
        | nn | what    |
        | 02 | TLS 1.0 |
        | 03 | TLS 1.1 |
        | 04 | RC4     |
        | 05 | 3DES    |
        | 06 | NULL    |

  @SEC-006
  Rule: Access tokens

    @SEC-006/01 @issuer @security @expired_token
    Scenario: a token that lives is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @SEC-006/02 @issuer @security @negative @expired_token @twin:SEC-006/01
    Scenario: a token that has expired is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.expired-token"
      Then the request is refused as UNAUTHENTICATED

    @SEC-006/03 @issuer @security @negative @foreign_token @twin:SEC-006/04
    Scenario: a token made for another service is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "auth.foreign-token"
      Then the request is refused as UNAUTHENTICATED

    @SEC-006/04 @issuer @security @foreign_token
    Scenario: a token made for the service is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted
