Feature: Declared service levels
  What a product declares of its own speed, measured by calls whose starts are fixed in advance.

  @SLO-001
  Rule: Times of statuses

    @SLO-001/01 @all @core @load @slo:issuer.status @exclusive @slow
    Scenario: statuses come in time
      Given a licence in the state VALID
      When the operation "issuer.status" is called 40 times a second
      Then the declared times are kept

  @SLO-002
  Rule: Times of verifications of files

    @SLO-002/01 @verifier @core @trust_control @load @slo:verifier.file @exclusive @slow
    Scenario: files are verified in time
      Given the target is reachable
      When the operation "verifier.file" is called 40 times a second
      Then the declared times are kept

  @SLO-003
  Rule: Times of redemptions

    @SLO-003/01 @loader @core @load @slo:loader.redeem @exclusive @slow
    Scenario: codes are redeemed in time
      Given the target is reachable
      When the operation "loader.redeem" is called 40 times a second
      Then the declared times are kept

  @SLO-004
  Rule: Times of issues

    @SLO-004/01 @issuer @full @load @slo:issuer.issue @exclusive @slow
    Scenario: licences are issued in time
      Given the target is reachable
      When the operation "issuer.issue" is called 40 times a second
      Then the declared times are kept

  @SLO-005
  Rule: Declared rates

    @SLO-005/01 @all @full @load @slo:rps @exclusive @slow
    Scenario: declared rates are kept up
      Given the target is reachable
      When operations are called at their declared rates
      Then the declared rates are kept up

  @SLO-007
  Rule: Overload

    @SLO-007/01 @all @full @load @slo:rps @exclusive @slow
    Scenario: an overload is answered or refused
      Given the target is reachable
      When operations are called at twice their declared rates
      Then every call is answered or refused as too many

    @SLO-007/02 @all @full @load @slo:rps @exclusive @slow
    Scenario: an overload passes
      Given the target is reachable
      When operations are called at twice their declared rates
      Then the product answers as before
