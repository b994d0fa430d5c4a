Feature: Audit
  Operation 11: what happened, who asked, without values.

  @AUD-004
  Rule: Operations appear

    @AUD-004/01 @sharing_service @core @audit
    Scenario: an issue is in the audit
      Given a registered person
      Given the issuer has issued the licence
      When the auditor searches the audit
      Then the audit has the operation "issuer.issue"

    @AUD-004/02 @sharing_service @core @audit
    Scenario: a metadata read is in the audit with its use
      Given a licence in the state VALID
      Given the caller has read the metadata
      When the auditor searches the audit
      Then the audit has the operation "issuer.metadata"
      And the audit entry states the use

  @AUD-005
  Rule: Append-only

    @AUD-005/01 @sharing_service @core @audit
    Scenario: a later read begins with the earlier one
      Given a licence in the state VALID
      Given the caller has read the metadata
      Given the auditor has searched the audit
      Given the caller has read the metadata
      When the auditor searches the audit
      Then the audit begins as before with rising numbers

  @AUD-006
  Rule: Names of attributes only

    @AUD-006/01 @sharing_service @security @audit
    Scenario: the audit holds no attribute value
      Given a licence in the state VALID
      Given the caller has read the metadata
      When the auditor searches the audit
      Then the answer holds nothing of the person
