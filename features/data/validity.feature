Feature: Validity by age
  The term of a card follows the age of the holder on the day of issue.

  @DAT-007
  Rule: Term by age at issue

    @DAT-007/01 @issuer @core
    Scenario: a holder of 26 to 45 years has 20 years
      Given a registered person "adult"
      When the issuer issues the licence
      Then the licence is valid for 20 years

    @DAT-007/02 @issuer @core
    Scenario: a holder under 16 has 5 years
      Given a registered person "child"
      When the issuer issues the licence
      Then the licence is valid for 5 years

    @DAT-007/03 @issuer @core
    Scenario: a holder of 46 or more has a long-term licence
      Given a registered person "senior"
      When the issuer issues the licence
      Then the licence is valid for long-term

    @DAT-007/04 @issuer @core
    Scenario: a holder of 16 to 25 years has 10 years
      Given a registered person "young-adult"
      When the issuer issues the licence
      Then the licence is valid for 10 years

  @DAT-008
  Rule: Boundary ages

    @DAT-008/01 @issuer @core
    Scenario: on the 16th birthday the term is 10 years
      Given a registered person "16-today"
      When the issuer issues the licence
      Then the licence is valid for 10 years

    @DAT-008/02 @issuer @core
    Scenario: one day before the 16th birthday the term is 5 years
      Given a registered person "16-tomorrow"
      When the issuer issues the licence
      Then the licence is valid for 5 years

    @DAT-008/03 @issuer @core
    Scenario: on the 26th birthday the term is 20 years
      Given a registered person "26-today"
      When the issuer issues the licence
      Then the licence is valid for 20 years

    @DAT-008/04 @issuer @core
    Scenario: one day before the 26th birthday the term is 10 years
      Given a registered person "26-tomorrow"
      When the issuer issues the licence
      Then the licence is valid for 10 years

    @DAT-008/05 @issuer @core
    Scenario: on the 46th birthday the term is long
      Given a registered person "46-today"
      When the issuer issues the licence
      Then the licence is valid for long-term

    @DAT-008/06 @issuer @core
    Scenario: one day before the 46th birthday the term is 20 years
      Given a registered person "46-tomorrow"
      When the issuer issues the licence
      Then the licence is valid for 20 years

  @DAT-009
  Rule: Long-term validity

    @DAT-009/01 @issuer @core
    Scenario: a long-term licence has no last day
      Given a registered person "senior"
      When the issuer issues the licence
      Then the validity is written as long-term

    @DAT-009/02 @issuer @core
    Scenario: a licence with a term has a last day
      Given a registered person
      When the issuer issues the licence
      Then the validity is written with a last day
