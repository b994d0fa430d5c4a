Feature: The captured bytes of the whole run
  Values planted in generated persons are searched in every URL, header and body, raw and encoded and hashed.
  These cases come last, so that they see what all others have sent and received.

  @PRV-005
  Rule: URLs

    @PRV-005/01 @all @security @exclusive
    Scenario: no URL of the run holds personal data
      Given a licence that every operation was asked about
      When the captured bytes of the run are searched
      Then no URL holds anything of a person

  @PRV-006
  Rule: Headers, refusals, answers without holder data

    @PRV-006/01 @all @security @exclusive
    Scenario: no header of the run holds personal data
      Given a licence that every operation was asked about
      When the captured bytes of the run are searched
      Then no header holds anything of a person

    @PRV-006/02 @all @security @exclusive
    Scenario: no refusal of the run holds personal data
      Given a licence that every operation was asked about
      When the captured bytes of the run are searched
      Then no refusal holds anything of a person

    @PRV-006/03 @all @security @exclusive
    Scenario: no status, list or verdict of the run holds personal data
      Given a licence that every operation was asked about
      When the captured bytes of the run are searched
      Then no status, list or verdict holds anything of a person

  @PRV-007
  Rule: Other holders

    @PRV-007/01 @all @security @exclusive
    Scenario: no answer of the run holds the number of somebody else
      Given a licence that every operation was asked about
      When the captured bytes of the run are searched
      Then no answer holds the number of somebody else

  @PRV-002
  Rule: Logs

    @PRV-002/01 @all @security @audit @exclusive
    Scenario: no audit of the run holds personal data
      Given a licence that every operation was asked about
      When the captured bytes of the run are searched
      Then no audit holds anything of a person

  @PKI-008
  Rule: Keys

    @PKI-008/01 @all @security @exclusive
    Scenario: no answer of the run holds key material
      Given a licence that every operation was asked about
      When the captured bytes of the run are searched
      Then no answer holds key material

  @IFC-019
  Rule: Internals in the whole run

    @IFC-019/03 @all @security @exclusive
    Scenario: no refusal of the run shows internals
      Given a licence that every operation was asked about
      When the captured bytes of the run are searched
      Then no refusal shows internals

  @LIF-010
  Rule: Destroyed licences everywhere

    @LIF-010/03 @issuer @security @destructive
    Scenario: no operation tells anything of a destroyed licence's holder
      Given a licence in the state DESTROYED
      When every operation is asked about the licence
      Then no answer holds anything of the person
