Feature: Citizen number and what it says
  The citizen number (公民身份号码), its date and its sex, as the issuer takes them in.

  @DAT-001
  Rule: Check character of the citizen number

    @DAT-001/01 @issuer @core
    Scenario: a right number is accepted
      Given a registered person
      When the issuer issues the licence
      Then the request is accepted

    @DAT-001/02 @issuer @core @negative @twin:DAT-001/01
    Scenario: a wrong check character is refused
      Given a registered person
      When the issuer issues the licence with "issue.number-wrong-check"
      Then the request is refused as INVALID_REQUEST naming "holder.idNumber"
      And the person has no licence

    @DAT-001/03 @issuer @core @negative @twin:DAT-001/05
    Scenario: a lower-case x is refused
      Given a registered person "check-x"
      When the issuer issues the licence with "issue.number-lower-x"
      Then the request is refused as INVALID_REQUEST naming "holder.idNumber"
      And the person has no licence

    @DAT-001/04 @issuer @core @negative @twin:DAT-001/01
    Scenario: 17 characters are refused
      Given a registered person
      When the issuer issues the licence with "issue.number-17"
      Then the request is refused as INVALID_REQUEST naming "holder.idNumber"
      And the person has no licence

    @DAT-001/05 @issuer @core
    Scenario: a number that ends in X is kept as it is
      Given a registered person "check-x"
      When the issuer issues the licence
      Then the licence holds the number of the person

  @DAT-002
  Rule: Single errors in a citizen number

    @DAT-002/01 @sharing_service @core
    Scenario: the right number is accepted
      Given a licence in the state VALID
      When the caller searches by holder
      Then the request is accepted

    @DAT-002/02 @sharing_service @core @negative @twin:DAT-002/01
    Scenario: one changed digit is refused
      Given a licence in the state VALID
      When the caller searches by holder with "search.number-substituted"
      Then the request is refused as INVALID_REQUEST naming "certificateHolderCode"

    @DAT-002/03 @sharing_service @core @negative @twin:DAT-002/01
    Scenario: two swapped digits are refused
      Given a licence in the state VALID
      When the caller searches by holder with "search.number-swapped"
      Then the request is refused as INVALID_REQUEST naming "certificateHolderCode"

    @DAT-002/04 @sharing_service @security @negative @twin:DAT-002/01 @property @slow
    Scenario: every single error is refused
      Given a licence in the state VALID
      When the caller searches for many numbers with one error
      Then the property holds

    @DAT-002/05 @sharing_service @security @negative @twin:DAT-002/01 @property @slow
    Scenario: every vector of a wrong number is refused
      Given a licence in the state VALID
      When the caller searches for every number vector that has to be refused
      Then the property holds

  @DAT-003
  Rule: Birth date of the holder

    @DAT-003/01 @issuer @core
    Scenario: the birth date equals digits 7 to 14
      Given a registered person
      When the issuer issues the licence
      Then the birth date of the licence equals digits 7 to 14 of the number

    @DAT-003/02 @issuer @core @negative @twin:DAT-003/01
    Scenario: another birth date is refused
      Given a registered person
      When the issuer issues the licence with "issue.birth-date-differs"
      Then the request is refused as INVALID_REQUEST naming "holder.birthDate"
      And the person has no licence

    @DAT-003/03 @issuer @core @negative @twin:DAT-003/01
    Scenario: a number with 30 February is refused
      Given a registered person
      When the issuer issues the licence with "issue.number-30-february"
      Then the request is refused as INVALID_REQUEST naming "holder.idNumber"
      And the person has no licence

  @DAT-004
  Rule: Sex of the holder

    @DAT-004/01 @issuer @core
    Scenario: the sex agrees with digit 17
      Given a registered person
      When the issuer issues the licence
      Then the sex of the licence agrees with digit 17 of the number

    @DAT-004/02 @issuer @core @negative @twin:DAT-004/01
    Scenario: the other sex is refused
      Given a registered person
      When the issuer issues the licence with "issue.sex-differs"
      Then the request is refused as INVALID_REQUEST naming "holder.sex"
      And the person has no licence

  @DAT-005
  Rule: Withdrawn division codes

    @DAT-005/01 @verifier @core @attributes
    Scenario: a number with a division code outside the current list is verified
      Given a licence in the state VALID for the person "other-division"
      When the verifier checks the attributes
      Then the result is VALID

  @DAT-006
  Rule: Ethnicity

    @DAT-006/01 @issuer @core
    Scenario: a code of the list is accepted
      Given a registered person "ethnicity-05"
      When the issuer issues the licence
      Then the request is accepted

    @DAT-006/02 @issuer @core @negative @twin:DAT-006/01
    Scenario: a code outside the list is refused
      Given a registered person
      When the issuer issues the licence with "issue.ethnicity-57"
      Then the request is refused as INVALID_REQUEST naming "holder.ethnicity"
      And the person has no licence

    @DAT-006/03 @issuer @core
    Scenario: code 98 is accepted
      Given a registered person "ethnicity-98"
      When the issuer issues the licence
      Then the request is accepted
