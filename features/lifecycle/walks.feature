Feature: Walks
  Sequences of calls, at random and stored, compared with a model of the life cycle step by step.

  @LIF-023
  Rule: The state follows from the calls

    @LIF-023/01 @issuer @full @property @destructive @slow
    Scenario: random walks agree with the model
      Given the target is reachable
      When many holders walk at random through the life cycle
      Then every answer agrees with the model

    @LIF-023/02 @issuer @core @property @destructive @slow
    Scenario: stored walks agree with the model
      Given the target is reachable
      When the stored walks are made again
      Then every answer agrees with the model

  @LIF-024
  Rule: The state follows from calls and days

    @LIF-024/01 @issuer @full @property @destructive @clock_control @exclusive @slow
    Scenario: random walks agree with the model while days pass
      Given the target is reachable
      When holders walk at random through the life cycle while days pass
      Then every answer agrees with the model

    @LIF-024/02 @issuer @core @property @destructive @clock_control @exclusive @slow
    Scenario: stored walks with days agree with the model
      Given the target is reachable
      When the stored walks with days are made again
      Then every answer agrees with the model
