Feature: Capabilities and clock
  Operation 1 and what every answer carries.

  @COM-001 @wire
  Rule: Capabilities

    @COM-001/01 @all @core
    Scenario: the capabilities are complete
      Given the target is reachable
      When the caller asks for the capabilities
      Then the capabilities are complete

  @COM-002
  Rule: Declared features

    @COM-002/01 @all @core
    Scenario: every declared feature answers
      Given a licence in the state VALID
      When the caller tries every declared feature
      Then no declared feature is NOT_SUPPORTED

  @COM-030
  Rule: Undeclared features

    @COM-030/01 @all @core
    Scenario: the capabilities name nothing that was not declared
      Given the target is reachable
      When the caller asks for the capabilities
      Then the capabilities name no undeclared feature

    @COM-030/02 @all @core @negative @twin:COM-002/01
    Scenario: no undeclared feature answers
      Given a licence in the state VALID
      When the caller tries every undeclared feature
      Then no undeclared feature is there

  @COM-003
  Rule: Clock

    @COM-003/01 @all @core
    Scenario: the server time is close to ours
      Given the target is reachable
      When the caller asks for the capabilities
      Then the server time is within 5 seconds of ours

  @COM-020 @wire
  Rule: Date header

    @COM-020/01 @all @core
    Scenario: an answer carries its date
      Given the target is reachable
      When the caller asks for the capabilities
      Then the answer has a date header

  @COM-014 @wire
  Rule: No caching of personal data

    @COM-014/01 @issuer @core
    Scenario: metadata are not cacheable
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the answer must not be stored

    @COM-014/02 @issuer @core
    Scenario: the answer of an issue is not cacheable
      Given a registered person
      When the issuer issues the licence
      Then the answer must not be stored

  @COM-015 @wire
  Rule: Correlation

    @COM-015/01 @issuer @core
    Scenario: the request id comes back
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request id comes back

    @COM-015/02 @issuer @core
    Scenario: a refusal carries the request id
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.no-use"
      Then the refusal carries the request id

  @COM-031 @wire
  Rule: No test controls without test mode

    @COM-031/01 @all @security @exclusive @no_test_mode
    Scenario: the service without test mode says so
      Given the target is reachable
      When the caller asks for the capabilities without test mode
      Then the capabilities offer no test mode

    @COM-031/<nn> @all @security @negative @exclusive @no_test_mode @twin:COM-031/01
    Scenario Outline: the control of <what> is not there
      Given the target is reachable
      When the caller uses the control of <what> without test mode
      Then the request is refused as NOT_FOUND

      Examples:
        | nn | what    |
        | 02 | trust   |
        | 03 | clock   |
        | 04 | persons |
        | 05 | faults  |
