Feature: A licence is shown
  The holder unlocks, sees who asks, approves what goes out; one code comes of it.

  @LOD-005
  Rule: Unlocking

    @LOD-005/01 @loader @core @played
    Scenario: the holder shows the licence after unlocking
      Given a licence on a device
      When the holder presents after unlocking with the PIN
      Then the request is accepted

    @LOD-005/02 @loader @core @negative @played @twin:LOD-005/01
    Scenario: a wrong PIN shows nothing
      Given a licence on a device
      When the holder presents with a wrong PIN
      Then the request is refused as HOLDER_AUTH_FAILED

    @LOD-005/03 @loader @core @negative @played @twin:LOD-005/01
    Scenario: without unlocking nothing is shown
      Given a licence on a device
      When somebody presents without unlocking
      Then the presentation is refused for want of authentication

    @LOD-005/04 @loader @security @negative @played @twin:LOD-005/01
    Scenario: a locked holder is locked on every device
      Given a licence on a device
      And the holder has entered wrong PINs until locked
      When the locked holder loads the licence on another device
      Then the request is refused as HOLDER_AUTH_LOCKED

  @LOD-006
  Rule: One minute, one use

    @LOD-006/01 @loader @core
    Scenario: a code is short and says who it is for
      Given a licence on a device
      When the holder presents two of four attributes
      Then the code is right for the hotel

    @LOD-006/02 @loader @core
    Scenario: a code lives no longer than a minute
      Given a licence on a device
      When the holder presents two of four attributes
      Then the code lives no longer than a minute

    @LOD-006/03 @loader @core
    Scenario: a code is redeemed
      Given a licence on a device
      And the holder has presented two of four attributes
      When the hotel redeems the code
      Then the approved attributes come back

    @LOD-006/04 @loader @core @negative @twin:LOD-006/03
    Scenario: a code is not redeemed twice
      Given a licence on a device
      And the holder has presented two of four attributes
      And the hotel has redeemed the code
      When the hotel redeems the code again
      Then the request is refused as CODE_USED

    @LOD-006/05 @loader @security
    Scenario: of twenty redemptions at once one wins
      Given a licence on a device
      And the holder has presented two of four attributes
      When twenty callers redeem the code at once
      Then exactly one redemption gives attributes

    @LOD-006/06 @loader @core @negative @twin:LOD-006/03
    Scenario: a new code ends the one before
      Given a licence on a device
      And the holder has presented two of four attributes
      And the holder has presented two of four attributes
      When the hotel redeems the earlier code
      Then the code is refused as spent

    @LOD-006/07 @loader @core @negative @exclusive @clock_control @twin:LOD-006/03
    Scenario: a code is not redeemed after its end
      Given a licence on a device
      And the holder has presented two of four attributes
      And 95 seconds have passed since
      When the hotel redeems the code
      Then the code is refused as spent

    @LOD-006/<nn> @loader @security @exclusive @clock_control
    Scenario Outline: a clock that is an hour <way> gives no longer life
      Given a licence on a device
      And the clock stands 60 minutes <way>
      When the holder presents two of four attributes
      Then the code lives no longer than a minute

      Examples:
        | nn | way    |
        | 08 | ahead  |
        | 09 | behind |

  @LOD-007
  Rule: A code says nothing of its holder

    @LOD-007/01 @loader @core
    Scenario: a code holds no value of the person in any encoding
      Given a licence on a device
      When the holder presents two of four attributes
      Then the code holds nothing of the person

    @LOD-007/02 @loader @core @property @played @slow
    Scenario: codes of one licence are unlinkable
      Given a licence on a device
      When the holder presents many times
      Then the codes are unlinkable

  @LOD-008
  Rule: Only the party that it was made for

    @LOD-008/01 @loader @core
    Scenario: the hotel redeems its code
      Given a licence on a device
      And the holder has presented two of four attributes
      When the hotel redeems the code
      Then the approved attributes come back

    @LOD-008/02 @loader @security @negative @second_caller @twin:LOD-008/01
    Scenario: another verifier is refused
      Given a licence on a device
      And the holder has presented two of four attributes
      When another verifier redeems the code
      Then the request is refused as FORBIDDEN

    @LOD-008/03 @loader @security @second_caller
    Scenario: a refused verifier does not spoil the code
      Given a licence on a device
      And the holder has presented two of four attributes
      And another verifier was refused the code
      When the hotel redeems the code
      Then the approved attributes come back

    @LOD-008/04 @loader @core @negative @twin:LOD-008/01
    Scenario: another nonce is refused
      Given a licence on a device
      And the holder has presented two of four attributes
      When the hotel redeems the code with another nonce
      Then the nonce is refused

    @LOD-008/05 @loader @security @negative @exclusive @twin:LOD-008/01
    Scenario: guessing finds nothing
      Given a licence on a device
      And the holder has presented two of four attributes
      When somebody guesses many codes
      Then no guess is answered with anything of a licence

  @LOD-009
  Rule: Who asks, why, for what

    @LOD-009/01 @loader @core
    Scenario: a signed request is shown to the holder
      Given a licence on a device
      When the holder presents two of four attributes
      Then the request is accepted

    @LOD-009/<nn> @loader @core @negative @played @twin:LOD-009/01
    Scenario Outline: a request that is <flaw> never reaches the holder
      Given a licence on a device
      When the request of the hotel is <flaw>
      Then the request is refused as INVALID_REQUEST

      Examples:
        | nn | flaw        |
        | 02 | unsigned    |
        | 03 | altered     |
        | 04 | expired     |
        | 05 | misdirected |

    @LOD-009/06 @loader @core @human
    Scenario: the screen shows the request
      Given a licence on a device
      When the holder presents two of four attributes
      Then the screen shows who asks, where, why, for what

  @LOD-010
  Rule: The holder decides

    @LOD-010/01 @loader @core
    Scenario: two of four attributes approved are two
      Given a licence on a device
      When the holder presents two of four attributes
      Then the code grants only what was approved

    @LOD-010/02 @loader @core
    Scenario: what was approved comes back
      Given a licence on a device
      And the holder has presented two of four attributes
      When the hotel redeems the code
      Then the approved attributes come back

    @LOD-010/03 @loader @core
    Scenario: a denial gives no code
      Given a licence on a device
      When the holder denies the request
      Then no code comes, only the word that the holder denied

    @LOD-010/04 @loader @core @negative @played @twin:LOD-010/01
    Scenario: more than was asked for is refused
      Given a licence on a device
      When more is approved than the hotel asked for
      Then the request is refused as SCOPE_EXCEEDED

    @LOD-010/05 @loader @core @negative @played @twin:LOD-010/01
    Scenario: without approval nothing goes out
      Given a licence on a device
      When the holder approves nothing
      Then the request is refused as CONSENT_REQUIRED

    @LOD-010/06 @loader @core
    Scenario: only what is granted with what is wanted comes back
      Given a licence on a device
      And the holder has presented two of four attributes
      When the hotel wants one attribute of the two
      Then only the wanted attribute comes back

  @LOD-021
  Rule: Addresses in a request

    @LOD-021/01 @loader @security @played
    Scenario: an address that nobody registered is not called
      Given a licence on a device
      When a request wants its answer at an address that nobody registered
      Then nobody was called

  @LOD-017
  Rule: Guardians

    @LOD-017/01 @loader @core @human
    Scenario: for a holder under 14 the guardian is asked
      Given a licence on a device of the person "child"
      When the holder presents two of four attributes
      Then the app asked the guardian
