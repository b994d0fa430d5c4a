Feature: Races
  Calls made at once, judged by their history: some order of them explains every answer.

  @LIF-025
  Rule: Calls at once have the effect of some order

    @LIF-025/01 @issuer @security @property @destructive @attributes @slow
    Scenario: a revocation is seen by every later verification
      Given the target is reachable
      When calls race in the scene "revoke against verify"
      Then an order of the calls explains every answer

    @LIF-025/02 @issuer @security @property @destructive @suspend @slow @uses:issuer.transition.expectedStatusVersion
    Scenario: of changes with one version one wins
      Given the target is reachable
      When calls race in the scene "suspend against restore"
      Then an order of the calls explains every answer

    @LIF-025/03 @issuer @security @property @destructive @reissue @slow @uses:issuer.transition.expectedStatusVersion
    Scenario: a re-issue and a revocation have one order
      Given the target is reachable
      When calls race in the scene "re-issue against revoke"
      Then an order of the calls explains every answer

    @LIF-025/04 @issuer @security @property @destructive @slow
    Scenario: a holder gets one live licence
      Given the target is reachable
      When calls race in the scene "issue against issue"
      Then an order of the calls explains every answer

    @LIF-025/05 @issuer @security @property @destructive @suspend @slow @uses:issuer.metadata.holder
    Scenario: reading undoes no change
      Given the target is reachable
      When calls race in the scene "suspend against metadata"
      Then an order of the calls explains every answer

    @LIF-025/06 @issuer @security @property @destructive @reissue @slow
    Scenario: a search sees a re-issue whole or not at all
      Given the target is reachable
      When calls race in the scene "re-issue against search"
      Then an order of the calls explains every answer

    @LIF-025/07 @issuer @security @property @destructive @suspend @wire @slow
    Scenario: calls with one key have their effect once
      Given the target is reachable
      When calls race in the scene "one key for many"
      Then an order of the calls explains every answer

    @LIF-025/08 @issuer @security @property @destructive @slow
    Scenario: no two holders get one identifier
      Given the target is reachable
      When calls race in the scene "many holders are issued"
      Then an order of the calls explains every answer

    @LIF-025/09 @issuer @security @property @destructive @suspend @reissue @attributes @audit @slow @uses:issuer.transition.expectedStatusVersion
    Scenario: every change at once is kept and recorded
      Given the target is reachable
      When calls race in the scene "many calls for many holders"
      Then an order of the calls explains every answer
