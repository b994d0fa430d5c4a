Feature: What others learn
  The issuer of a verification, one application of the answers to another.

  @PRV-008
  Rule: The issuer and the verification

    @PRV-008/01 @verifier @security @trust_control
    Scenario: a verification without status check is not seen by the issuer
      When the verifier checks a file whose licence reads VALID at its issuer with the status NONE
      Then the issuer saw a question only if the verdict rests on it

    @PRV-008/02 @verifier @security @trust_control
    Scenario: a verdict that names a list or a cache rests on no question
      When the verifier checks a file whose licence reads VALID at its issuer
      Then the issuer saw a question only if the verdict rests on it

  @PRV-009
  Rule: Answers of another application

    @PRV-009/01 @issuer @security @original
    Scenario: the entitled application fetches the original again
      Given a licence in the state VALID
      And the caller has fetched the original
      When the caller fetches the original with its entity tag
      Then the file or the word that nothing changed comes back

    @PRV-009/02 @issuer @security @negative @original @second_caller @twin:PRV-009/01
    Scenario: another application gets nothing from the answer before
      Given a licence in the state VALID
      And the caller has fetched the original
      When the second caller fetches the original with the entity tag of the first
      Then the request is refused as FORBIDDEN
