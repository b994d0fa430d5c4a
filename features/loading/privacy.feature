Feature: What the holder keeps in hand
  The use log, withdrawal, masks, and what a party cannot learn.

  @LOD-011
  Rule: The record of consent

    @LOD-011/01 @loader @core
    Scenario: the log keeps the consent as it was given
      Given a licence on a device
      And the holder has presented two of four attributes
      When the holder reads the use log
      Then the log keeps the consent as it was given

  @LOD-012
  Rule: Withdrawal

    @LOD-012/01 @loader @full @negative @consent_withdrawal @twin:LOD-006/03
    Scenario: a withdrawn consent gives nothing
      Given a licence on a device
      And the holder has presented two of four attributes
      And the holder has withdrawn the consent
      When the hotel redeems the code
      Then the code is refused as spent

  @LOD-016
  Rule: Masks

    @LOD-016/01 @loader @core
    Scenario: masked values show no more than the profile says
      Given a licence on a device
      And the holder has presented the masked values
      When the hotel redeems the code
      Then the approved attributes come back

    @LOD-016/02 @loader @core
    Scenario: a rare character is masked as one
      Given a licence on a device of the person "extension-b"
      And the holder has presented the masked values
      When the hotel redeems the code
      Then the approved attributes come back

    @LOD-016/03 @loader @core @human
    Scenario: the screen masks by default
      Given a licence on a device
      When the holder presents two of four attributes
      Then the screen masks number with address

  @LOD-027
  Rule: Recording

    @LOD-027/01 @loader @security @human
    Scenario: nobody records the face from the screen
      Given a licence on a device
      When the holder presents two of four attributes
      Then the screen cannot be recorded while the face is shown

  @LOD-022
  Rule: A proof of age

    @LOD-022/01 @loader @security
    Scenario: two holders prove their age alike
      Given licences of two holders on their devices
      When both holders prove their age
      Then the two answers tell the same

  @LOD-023
  Rule: Pairwise identifiers

    @LOD-023/01 @loader @security @pairwise_id @second_caller
    Scenario: two parties see two identifiers
      Given a licence on a device
      When two relying parties redeem the pairwise identifier of one holder
      Then each party sees another identifier

  @LOD-024
  Rule: A refusal is silent

    @LOD-024/01 @loader @security
    Scenario: a denial holds nothing of the person
      Given a licence on a device
      When the holder denies the request
      Then no code comes, only the word that the holder denied
      And the answer holds nothing of the person

  @LOD-025
  Rule: Evidence

    @LOD-025/01 @loader @core
    Scenario: the evidence belongs to the code
      Given a licence on a device
      And the holder has presented two of four attributes
      When the hotel redeems the code
      Then the evidence belongs to the code

  @PRV-001
  Rule: The portrait

    @PRV-001/01 @loader @core @played
    Scenario: a portrait confirmed by itself goes out
      Given a licence on a device
      When the holder presents the portrait with a confirmation of its own
      Then the request is accepted

    @PRV-001/02 @loader @core @negative @played @twin:PRV-001/01
    Scenario: a portrait without a confirmation of its own stays
      Given a licence on a device
      When the holder presents the portrait without a confirmation of its own
      Then the request is refused as CONSENT_REQUIRED

  @LOD-026
  Rule: Names of attributes, never values

    @LOD-026/01 @loader @security
    Scenario: the use log holds no value of the person
      Given a licence on a device
      And the holder has presented two of four attributes
      When the holder reads the use log
      Then the log holds no value of the person

  @PRV-003
  Rule: The holder sees every use

    @PRV-003/01 @loader @core @played
    Scenario: the log shows everything that happened
      Given a licence on a device
      And the holder has presented with a wrong PIN
      And a hotel has checked a code with two of four attributes
      And the holder has denied a request
      When the holder reads the use log
      Then the log shows the load, the consent, the denial, the redemption with the failed attempt

    @PRV-003/02 @loader @security @negative @played @twin:PRV-003/01
    Scenario: another holder cannot read the log
      Given licences of two holders on their devices
      When another holder reads the use log
      Then the presentation is refused for want of authentication

    @PRV-003/03 @loader @optional @log_delete
    Scenario: a deleted entry is gone from the holder's view
      Given a licence on a device
      And the holder has presented two of four attributes
      And the holder has deleted the entry of the presentation
      When the holder reads the use log
      Then the entry is gone from the log
