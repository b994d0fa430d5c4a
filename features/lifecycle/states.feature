Feature: States
  The status machine of binding v1, section 7.

  @LIF-001
  Rule: Closed list of states

    @LIF-001/01 @issuer @core
    Scenario: a licence in the state VALID reads VALID
      Given a licence in the state VALID
      When the caller reads the status
      Then the status is VALID

    @LIF-001/02 @issuer @core
    Scenario: a licence in the state NOT_ACTIVE reads NOT_ACTIVE
      Given a licence in the state NOT_ACTIVE
      When the caller reads the status
      Then the status is NOT_ACTIVE

    @LIF-001/03 @issuer @core
    Scenario: a licence in the state SUSPENDED reads SUSPENDED
      Given a licence in the state SUSPENDED
      When the caller reads the status
      Then the status is SUSPENDED

    @LIF-001/04 @issuer @core
    Scenario: a licence in the state EXPIRED reads EXPIRED
      Given a licence in the state EXPIRED
      When the caller reads the status
      Then the status is EXPIRED

    @LIF-001/05 @issuer @core
    Scenario: a licence in the state SUPERSEDED reads SUPERSEDED
      Given a licence in the state SUPERSEDED
      When the caller reads the status
      Then the status is SUPERSEDED

    @LIF-001/06 @issuer @core @destructive
    Scenario: a licence in the state REVOKED reads REVOKED
      Given a licence in the state REVOKED
      When the caller reads the status
      Then the status is REVOKED

    @LIF-001/07 @issuer @core @destructive
    Scenario: a licence in the state DESTROYED reads DESTROYED
      Given a licence in the state DESTROYED
      When the caller reads the status
      Then the status is DESTROYED

  @LIF-004
  Rule: Revocation is final

    @LIF-004/01 @issuer @core @suspend
    Scenario: a suspended licence is restored
      Given a licence in the state SUSPENDED
      When the issuer applies RESTORE
      Then the request is accepted

    @LIF-004/02 @issuer @core @negative @twin:LIF-004/01 @destructive
    Scenario: a revoked licence is not restored
      Given a licence in the state REVOKED
      When the issuer applies RESTORE
      Then the request is refused as STATE_CONFLICT
      And the licence reads REVOKED

  @LIF-005
  Rule: Suspension is reversible

    @LIF-005/01 @issuer @core @suspend
    Scenario: a suspended licence returns to VALID
      Given a licence in the state SUSPENDED
      When the issuer applies RESTORE
      Then the licence reads VALID

    @LIF-005/02 @issuer @core @suspend
    Scenario: a second suspension is no toggle
      Given a licence in the state SUSPENDED
      When the issuer applies SUSPEND
      Then the licence reads SUSPENDED

  @LIF-011
  Rule: Illegal actions

    @LIF-011/01 @issuer @core @suspend
    Scenario: a legal action is accepted
      Given a licence in the state VALID
      When the issuer applies SUSPEND
      Then the request is accepted

    @LIF-011/<nn> @issuer @core @negative @twin:LIF-011/01 @suspend @destructive
    Scenario Outline: <action> in the state <state> is refused
      Given a licence in the state <state>
      When the issuer applies <action>
      Then the request is refused as STATE_CONFLICT
      And the licence reads <state>

      Examples:
        | nn | state      | action   |
        | 02 | NOT_ACTIVE | SUSPEND  |
        | 03 | NOT_ACTIVE | RESTORE  |
        | 04 | NOT_ACTIVE | REVOKE   |
        | 05 | NOT_ACTIVE | DESTROY  |
        | 06 | VALID      | ACTIVATE |
        | 07 | VALID      | RESTORE  |
        | 08 | VALID      | DESTROY  |
        | 09 | SUSPENDED  | ACTIVATE |
        | 10 | SUSPENDED  | DESTROY  |
        | 11 | EXPIRED    | ACTIVATE |
        | 12 | EXPIRED    | SUSPEND  |
        | 13 | EXPIRED    | RESTORE  |
        | 14 | EXPIRED    | REVOKE   |
        | 15 | SUPERSEDED | ACTIVATE |
        | 16 | SUPERSEDED | SUSPEND  |
        | 17 | SUPERSEDED | RESTORE  |
        | 18 | SUPERSEDED | REVOKE   |
        | 19 | REVOKED    | ACTIVATE |
        | 20 | REVOKED    | SUSPEND  |
        | 21 | REVOKED    | RESTORE  |
        | 22 | REVOKED    | REVOKE   |
        | 23 | DESTROYED  | ACTIVATE |
        | 24 | DESTROYED  | SUSPEND  |
        | 25 | DESTROYED  | RESTORE  |
        | 26 | DESTROYED  | REVOKE   |
        | 27 | DESTROYED  | DESTROY  |

  @LIF-012
  Rule: Legal actions

    @LIF-012/<nn> @issuer @core @suspend @destructive
    Scenario Outline: <action> in the state <state> leads to <next>
      Given a licence in the state <state>
      When the issuer applies <action>
      Then the request is accepted
      And the licence reads <next>

      Examples:
        | nn | state      | action   | next      |
        | 01 | NOT_ACTIVE | ACTIVATE | VALID     |
        | 02 | VALID      | SUSPEND  | SUSPENDED |
        | 03 | SUSPENDED  | RESTORE  | VALID     |
        | 04 | VALID      | REVOKE   | REVOKED   |
        | 05 | SUSPENDED  | REVOKE   | REVOKED   |
        | 06 | EXPIRED    | DESTROY  | DESTROYED |
        | 07 | SUPERSEDED | DESTROY  | DESTROYED |
        | 08 | REVOKED    | DESTROY  | DESTROYED |

  @LIF-013
  Rule: Version and time of a change

    @LIF-013/01 @issuer @core @suspend
    Scenario: a change raises the version by one
      Given a licence in the state VALID
      When the issuer applies SUSPEND
      Then the version rises by one with a later time

  @LIF-014
  Rule: Expected version

    @LIF-014/01 @issuer @core @suspend
    Scenario: the right version is accepted
      Given a licence in the state VALID
      When the issuer applies SUSPEND
      Then the request is accepted

    @LIF-014/02 @issuer @core @negative @twin:LIF-014/01 @suspend
    Scenario: a stale version is refused
      Given a licence in the state VALID
      When the issuer applies SUSPEND with "transition.stale-version"
      Then the request is refused as VERSION_CONFLICT
      And the licence reads VALID

    @LIF-014/03 @issuer @security @suspend
    Scenario: of two operators with one version one wins
      Given a licence in the state VALID
      When two operators apply SUSPEND at once
      Then exactly one call is accepted

  @LIF-018
  Rule: No holder data in the status

    @LIF-018/01 @issuer @core
    Scenario: the status holds nothing of the holder
      Given a licence in the state VALID
      When the caller reads the status
      Then the answer holds nothing of the person

  @LIF-019
  Rule: Entity tag of the status

    @LIF-019/01 @issuer @core
    Scenario: an unchanged status is not sent again
      Given a licence in the state VALID
      Given the caller has read the status
      When the caller reads the status with "status.if-none-match"
      Then the status is not modified

    @LIF-019/02 @issuer @core @suspend
    Scenario: a changed status is sent
      Given a licence in the state VALID
      Given the caller has read the status
      Given the issuer has applied SUSPEND
      When the caller reads the status with "status.if-none-match"
      Then the status is SUSPENDED
