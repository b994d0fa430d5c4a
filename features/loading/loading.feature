Feature: A licence comes to a device
  Who may load, on which device, in which state of the licence; and how it leaves again.

  @LOD-001
  Rule: The right holder

    @LOD-001/01 @loader @core
    Scenario: the holder loads a licence
      Given a licence in the state VALID that its holder can load
      When the holder loads the licence
      Then the licence is on the device

    @LOD-001/02 @loader @core @negative @played @twin:LOD-001/01
    Scenario: somebody else is refused
      Given a licence in the state VALID that its holder can load
      When somebody else loads the licence
      Then the request is refused as HOLDER_AUTH_FAILED

    @LOD-001/03 @loader @security @negative @played @twin:LOD-001/01
    Scenario: an authentication used before is refused
      Given a licence in the state VALID that its holder can load
      When the holder loads the licence by a transaction used before
      Then the request is refused as HOLDER_AUTH_FAILED

    @LOD-001/04 @loader @security @negative @played @twin:LOD-001/01
    Scenario: the authentication of another person is refused
      Given a licence in the state VALID that its holder can load
      When another person loads the licence with their own authentication
      Then the request is refused as HOLDER_AUTH_FAILED

    @LOD-001/05 @loader @core @played @wire
    Scenario: without authentication a challenge comes back
      Given a licence in the state VALID that its holder can load
      When the caller asks to load without authentication
      Then a challenge comes back

  @LOD-002
  Rule: The device key

    @LOD-002/01 @loader @security @played
    Scenario: a device that proves its key gets the licence
      Given a licence in the state VALID that its holder can load
      When the holder loads the licence
      Then the licence is on the device

    @LOD-002/<nn> @loader @security @negative @played @twin:LOD-002/01
    Scenario Outline: a device <how> is refused
      Given a licence in the state VALID that its holder can load
      When the device loads the licence <how>
      Then the device is refused

      Examples:
        | nn | how                              |
        | 02 | with a proof by another key      |
        | 03 | with a proof over an old challenge |
        | 04 | without a proof                  |

    @LOD-002/05 @loader @security @negative @played @twin:LOD-002/01
    Scenario: a second device with the same key is refused
      Given a licence on a device
      When another device loads its own licence with the same key
      Then the device is refused

    @LOD-002/06 @loader @security @negative @played @twin:LOD-002/07
    Scenario: a copy on another device shows nothing
      Given a licence on a device
      When the licence is presented from a copy on another device
      Then the device is refused

    @LOD-002/07 @loader @security @played
    Scenario: the device itself shows the licence
      Given a licence on a device
      When the holder presents two of four attributes
      Then the request is accepted

  @LOD-003
  Rule: A new device

    @LOD-003/01 @loader @core @played
    Scenario: loading on a second device ends the first binding
      Given a licence on a device
      When the holder loads the licence on a second device
      Then the old device is told that the licence is gone, unless a second one was refused

  @LOD-014
  Rule: Only a licence that is VALID

    @LOD-014/01 @loader @core
    Scenario: a licence that is VALID is loaded
      Given a licence in the state VALID that its holder can load
      When the holder loads the licence
      Then the licence is on the device

    @LOD-014/<nn> @loader @core @negative @twin:LOD-014/01
    Scenario Outline: a licence that is <state> is not loaded
      Given a licence in the state <state> that its holder can load
      When the holder loads the licence
      Then the presentation is refused for the state of the licence

      Examples:
        | nn | state      |
        | 02 | SUSPENDED  |
        | 03 | REVOKED    |
        | 04 | EXPIRED    |
        | 05 | NOT_ACTIVE |

    @LOD-014/06 @loader @core
    Scenario: a licence that is VALID is shown
      Given a licence on a device
      When the holder presents two of four attributes
      Then the request is accepted

    @LOD-014/07 @loader @core @negative @destructive @with_issuer @twin:LOD-014/06
    Scenario: a licence revoked because its holder died is not shown
      Given a licence on a device
      And the issuer has applied REVOKE
      When the holder presents two of four attributes
      Then the presentation is refused for the state of the licence

    @LOD-014/08 @loader @core @negative @suspend @with_issuer @twin:LOD-014/09
    Scenario: a licence suspended between display and redemption gives no attributes
      Given a licence on a device
      And the holder has presented two of four attributes
      And the issuer has applied SUSPEND
      When the hotel redeems the code
      Then the status SUSPENDED comes back without attributes

    @LOD-014/09 @loader @core
    Scenario: a licence that is VALID gives attributes
      Given a licence on a device
      And the holder has presented two of four attributes
      When the hotel redeems the code
      Then the approved attributes come back

    @LOD-014/10 @loader @security @suspend @with_issuer
    Scenario: suspending never lets attributes through afterwards
      Given a licence on a device
      And the holder has presented two of four attributes
      When the issuer suspends the licence while the hotel redeems codes
      Then attributes came only while the licence was VALID

  @LOD-013
  Rule: The state at the issuer

    @LOD-013/01 @loader @core @suspend @with_issuer
    Scenario: a restored licence is shown again
      Given a licence on a device
      And the issuer has applied SUSPEND
      And the issuer has applied RESTORE
      When the holder presents two of four attributes
      Then the request is accepted

    @LOD-013/02 @loader @core @negative @suspend @with_issuer @twin:LOD-013/01
    Scenario: a licence reported lost is refused at once
      Given a licence on a device
      And the issuer has applied SUSPEND
      When the holder presents two of four attributes
      Then the presentation is refused for the state of the licence

    @LOD-013/03 @loader @core @suspend @with_issuer @human
    Scenario: the screen shows a suspension
      Given a licence on a device
      And the issuer has applied SUSPEND
      When the holder presents two of four attributes
      Then the screen shows that the licence is suspended

    @LOD-013/04 @loader @optional @offline @human
    Scenario: in aeroplane mode a code comes from a view of the last day
      Given a licence on a device
      When the holder presents in aeroplane mode
      Then the code rests on a view of the last 24 hours
      And the screen counts down the life of the code

    @LOD-013/05 @loader @optional @offline @human
    Scenario: in aeroplane mode nothing is shown after a day
      Given a licence on a device
      When the holder presents in aeroplane mode
      Then the app refuses once its status is older than 24 hours

  @LOD-015
  Rule: Off the device

    @LOD-015/01 @loader @core
    Scenario: the holder unloads the licence
      Given a licence on a device
      When the holder unloads the licence
      Then the licence is off the device

    @LOD-015/02 @loader @core @negative @twin:LOD-014/06
    Scenario: an unloaded licence is shown no more
      Given a licence on a device
      And the holder has unloaded the licence
      When the holder presents two of four attributes
      Then the request is refused as GONE

    @LOD-015/03 @loader @core
    Scenario: unloading twice does no harm
      Given a licence on a device
      And the holder has unloaded the licence
      When the holder unloads the licence
      Then the licence is off the device

    @LOD-015/04 @loader @core @with_issuer
    Scenario: unloading leaves the licence as it is
      Given a licence on a device
      When the holder unloads the licence
      Then the licence reads VALID

    @LOD-015/05 @loader @core @played
    Scenario: unloading one device leaves the other alone
      Given a licence that its holder has loaded on a second device
      When the first device unloads the licence
      Then the second device can present

    @LOD-015/06 @loader @security @played
    Scenario: loading while unloading leaves one device
      Given a licence on a device
      When a second device loads the licence while the first unloads it
      Then the second device can present
      And the first device can present no more

    @LOD-015/07 @loader @core @audit @with_issuer
    Scenario: the issuer does not learn why
      Given a licence on a device
      And the holder has unloaded the licence
      When the auditor searches the audit
      Then the audit does not say why the licence was unloaded

    @LOD-015/08 @loader @core @negative @twin:LOD-014/09
    Scenario: a code shown before a late unload gives nothing
      Given a licence on a device
      And the holder has presented two of four attributes
      And the holder has unloaded the licence while the device was offline
      When the hotel redeems the code
      Then the code gives nothing of an unloaded licence

    @LOD-015/09 @loader @core @played @wire
    Scenario: an unload whose answer was lost is repeated without harm
      Given a licence on a device
      And the holder has unloaded the licence
      When the caller repeats the request
      Then the licence is off the device

    @LOD-015/10 @loader @core @negative @suspend @with_issuer @twin:LOD-013/01
    Scenario: a licence unloaded while suspended does not come back
      Given a licence on a device
      And the issuer has applied SUSPEND
      And the holder has unloaded the licence while the device was offline
      And the issuer has applied RESTORE
      When the holder presents two of four attributes
      Then the request is refused as GONE

  @LOD-019
  Rule: The whole way

    @LOD-019/01 @loader @core @suspend @with_issuer
    Scenario: from issue to unload
      Given a licence that was issued to its holder
      And the holder has loaded it on a device
      And a hotel has used a code with two of four attributes once
      And presenting was refused while the issuer had the licence suspended
      When the holder unloads the licence
      Then the licence reads VALID

  @LOD-020
  Rule: Once for one key

    @LOD-020/01 @loader @core @played @wire
    Scenario: a repeated load is one loaded licence
      Given a licence in the state VALID that its holder can load
      And the holder has loaded the licence
      When the caller repeats the request
      Then the same loaded licence comes back as a replay

    @LOD-020/02 @loader @core @wire
    Scenario: a redemption repeated under its key gives the same answer
      Given a licence on a device
      And the holder has presented two of four attributes
      And the hotel has redeemed the code
      When the hotel repeats the redemption under its key
      Then the same answer comes back as a replay
