Feature: Requests generated from their schemas
  Every operation, every member: missing, of another type, broken as JSON, odd by value, active as text.

  @COM-006 @wire
  Rule: Every mandatory member

    @COM-006/13 @issuer @security @negative @twin:COM-006/01 @property
    Scenario: an issue without any one of its mandatory members is refused
      Given a registered person
      When every mandatory member of "issuer.issue" is left out in turn
      Then the property holds
      And the person has no licence

    @COM-006/14 @issuer @security @negative @twin:COM-006/01 @property
    Scenario: metadata without any one of its mandatory members is refused
      Given a licence in the state VALID
      When every mandatory member of "issuer.metadata" is left out in turn
      Then the property holds
      And the licence reads VALID

    @COM-006/15 @issuer @security @negative @twin:COM-006/01 @property @copy
    Scenario: a file without any one of its mandatory members is refused
      Given a licence in the state VALID
      When every mandatory member of "issuer.file" is left out in turn
      Then the property holds
      And the licence reads VALID

    @COM-006/16 @issuer @security @negative @twin:COM-006/04 @property @suspend
    Scenario: a transition without any one of its mandatory members is refused
      Given a licence in the state VALID
      When every mandatory member of "issuer.transition" is left out in turn
      Then the property holds
      And the licence reads VALID

    @COM-006/17 @issuer @security @negative @twin:COM-006/04 @property @reissue
    Scenario: a re-issue without any one of its mandatory members is refused
      Given a licence in the state VALID
      When every mandatory member of "issuer.reissue" is left out in turn
      Then the property holds
      And the licence reads VALID

    @COM-006/18 @sharing_service @security @negative @twin:COM-006/07 @property
    Scenario: a search without any one of its mandatory members is refused
      Given a licence in the state VALID
      When every mandatory member of "issuer.search" is left out in turn
      Then the property holds

    @COM-006/19 @sharing_service @security @negative @twin:COM-006/11 @property @audit
    Scenario: an audit search without any one of its mandatory members is refused
      Given a licence in the state VALID
      When every mandatory member of "issuer.audit" is left out in turn
      Then the property holds

    @COM-006/20 @verifier @security @negative @twin:COM-006/09 @property
    Scenario: a file verification without any one of its mandatory members is refused
      Given a licence in the state VALID
      When every mandatory member of "verifier.file" is left out in turn
      Then the property holds

    @COM-006/21 @verifier @security @negative @twin:COM-006/09 @property @attributes
    Scenario: an attribute verification without any one of its mandatory members is refused
      Given a licence in the state VALID
      When every mandatory member of "verifier.attributes" is left out in turn
      Then the property holds

    @COM-006/22 @verifier @security @negative @twin:COM-006/09 @property @attributes @batch
    Scenario: a batch without any one of its mandatory members is refused
      Given a licence in the state VALID
      When every mandatory member of "verifier.batch" is left out in turn
      Then the property holds

  @COM-007 @wire
  Rule: Every member of another type

    @COM-007/07 @issuer @security @negative @twin:COM-007/01 @property
    Scenario: an issue with any one member of another type is refused
      Given a registered person
      When every member of "issuer.issue" gets another type in turn
      Then the property holds
      And the person has no licence

    @COM-007/08 @issuer @security @negative @twin:COM-006/01 @property
    Scenario: metadata with any one member of another type is refused
      Given a licence in the state VALID
      When every member of "issuer.metadata" gets another type in turn
      Then the property holds
      And the licence reads VALID

    @COM-007/09 @issuer @security @negative @twin:COM-006/01 @property @copy
    Scenario: a file with any one member of another type is refused
      Given a licence in the state VALID
      When every member of "issuer.file" gets another type in turn
      Then the property holds
      And the licence reads VALID

    @COM-007/10 @issuer @security @negative @twin:COM-007/04 @property @suspend
    Scenario: a transition with any one member of another type is refused
      Given a licence in the state VALID
      When every member of "issuer.transition" gets another type in turn
      Then the property holds
      And the licence reads VALID

    @COM-007/11 @issuer @security @negative @twin:COM-007/04 @property @reissue
    Scenario: a re-issue with any one member of another type is refused
      Given a licence in the state VALID
      When every member of "issuer.reissue" gets another type in turn
      Then the property holds
      And the licence reads VALID

    @COM-007/12 @sharing_service @security @negative @twin:COM-006/07 @property
    Scenario: a search with any one member of another type is refused
      Given a licence in the state VALID
      When every member of "issuer.search" gets another type in turn
      Then the property holds

    @COM-007/13 @sharing_service @security @negative @twin:COM-006/11 @property @audit
    Scenario: an audit search with any one member of another type is refused
      Given a licence in the state VALID
      When every member of "issuer.audit" gets another type in turn
      Then the property holds

    @COM-007/14 @verifier @security @negative @twin:COM-006/09 @property
    Scenario: a file verification with any one member of another type is refused
      Given a licence in the state VALID
      When every member of "verifier.file" gets another type in turn
      Then the property holds

    @COM-007/15 @verifier @security @negative @twin:COM-006/09 @property @attributes
    Scenario: an attribute verification with any one member of another type is refused
      Given a licence in the state VALID
      When every member of "verifier.attributes" gets another type in turn
      Then the property holds

    @COM-007/16 @verifier @security @negative @twin:COM-006/09 @property @attributes @batch
    Scenario: a batch with any one member of another type is refused
      Given a licence in the state VALID
      When every member of "verifier.batch" gets another type in turn
      Then the property holds

  @COM-009 @wire
  Rule: JSON broken in every way

    @COM-009/06 @issuer @security @negative @twin:COM-007/01 @property
    Scenario: an issue with broken JSON is refused
      Given a registered person
      When the JSON of "issuer.issue" is broken in every way
      Then the property holds
      And the person has no licence

    @COM-009/07 @issuer @security @negative @twin:COM-006/01 @property
    Scenario: metadata with broken JSON is refused
      Given a licence in the state VALID
      When the JSON of "issuer.metadata" is broken in every way
      Then the property holds
      And the licence reads VALID

    @COM-009/08 @issuer @security @negative @twin:COM-006/01 @property @copy
    Scenario: a file with broken JSON is refused
      Given a licence in the state VALID
      When the JSON of "issuer.file" is broken in every way
      Then the property holds
      And the licence reads VALID

    @COM-009/09 @issuer @security @negative @twin:COM-007/04 @property @suspend
    Scenario: a transition with broken JSON is refused
      Given a licence in the state VALID
      When the JSON of "issuer.transition" is broken in every way
      Then the property holds
      And the licence reads VALID

    @COM-009/10 @issuer @security @negative @twin:COM-007/04 @property @reissue
    Scenario: a re-issue with broken JSON is refused
      Given a licence in the state VALID
      When the JSON of "issuer.reissue" is broken in every way
      Then the property holds
      And the licence reads VALID

    @COM-009/11 @sharing_service @security @negative @twin:COM-006/07 @property
    Scenario: a search with broken JSON is refused
      Given a licence in the state VALID
      When the JSON of "issuer.search" is broken in every way
      Then the property holds

    @COM-009/12 @sharing_service @security @negative @twin:COM-006/11 @property @audit
    Scenario: an audit search with broken JSON is refused
      Given a licence in the state VALID
      When the JSON of "issuer.audit" is broken in every way
      Then the property holds

    @COM-009/13 @verifier @security @negative @twin:COM-006/09 @property
    Scenario: a file verification with broken JSON is refused
      Given a licence in the state VALID
      When the JSON of "verifier.file" is broken in every way
      Then the property holds

    @COM-009/14 @verifier @security @negative @twin:COM-006/09 @property @attributes
    Scenario: an attribute verification with broken JSON is refused
      Given a licence in the state VALID
      When the JSON of "verifier.attributes" is broken in every way
      Then the property holds

    @COM-009/15 @verifier @security @negative @twin:COM-006/09 @property @attributes @batch
    Scenario: a batch with broken JSON is refused
      Given a licence in the state VALID
      When the JSON of "verifier.batch" is broken in every way
      Then the property holds

  @SEC-004 @wire
  Rule: Odd requests

    @SEC-004/01 @issuer @security @property @slow
    Scenario: odd requests of an issue are answered
      Given a registered person
      When many odd requests of "issuer.issue" are sent
      Then the property holds
      And the target still answers

    @SEC-004/02 @issuer @security @property @slow
    Scenario: odd requests of metadata are answered
      Given a licence in the state VALID
      When many odd requests of "issuer.metadata" are sent
      Then the property holds
      And the target still answers

    @SEC-004/03 @issuer @security @property @slow @copy
    Scenario: odd requests of a file are answered
      Given a licence in the state VALID
      When many odd requests of "issuer.file" are sent
      Then the property holds
      And the target still answers

    @SEC-004/04 @issuer @security @property @slow @suspend
    Scenario: odd requests of a transition are answered
      Given a licence in the state VALID
      When many odd requests of "issuer.transition" are sent
      Then the property holds
      And the target still answers

    @SEC-004/05 @issuer @security @property @slow @reissue
    Scenario: odd requests of a re-issue are answered
      Given a licence in the state VALID
      When many odd requests of "issuer.reissue" are sent
      Then the property holds
      And the target still answers

    @SEC-004/06 @sharing_service @security @property @slow
    Scenario: odd requests of a search are answered
      Given a licence in the state VALID
      When many odd requests of "issuer.search" are sent
      Then the property holds
      And the target still answers

    @SEC-004/07 @sharing_service @security @property @slow @audit
    Scenario: odd requests of an audit search are answered
      Given a licence in the state VALID
      When many odd requests of "issuer.audit" are sent
      Then the property holds
      And the target still answers

    @SEC-004/08 @verifier @security @property @slow
    Scenario: odd requests of a file verification are answered
      Given a licence in the state VALID
      When many odd requests of "verifier.file" are sent
      Then the property holds
      And the target still answers

    @SEC-004/09 @verifier @security @property @slow @attributes
    Scenario: odd requests of an attribute verification are answered
      Given a licence in the state VALID
      When many odd requests of "verifier.attributes" are sent
      Then the property holds
      And the target still answers

    @SEC-004/10 @verifier @security @property @slow @attributes @batch
    Scenario: odd requests of a batch are answered
      Given a licence in the state VALID
      When many odd requests of "verifier.batch" are sent
      Then the property holds
      And the target still answers

    @SEC-004/11 @verifier @security @property @slow
    Scenario: mutated licence files are answered and not VALID
      Given the target is reachable
      When many mutations of a good file are verified
      Then the property holds
      And the target still answers

  @COM-027 @wire
  Rule: Texts

    @COM-027/01 @issuer @security @property @slow
    Scenario: texts on the face come back as they were sent
      Given a registered person
      When texts that some software acts on are issued as items of the face
      Then the property holds
      And the target still answers

    @COM-027/02 @sharing_service @security @property @audit
    Scenario: stated causes stand in the audit as they were sent
      Given a licence in the state VALID
      When texts that some software acts on are stated as causes
      Then the property holds
      And the target still answers
