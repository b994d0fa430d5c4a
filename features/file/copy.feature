Feature: Annotated copies
  Operation 4 with `copy`: a new package by the sharing service, with cause, creator, times and a watermark.

  @FIL-010
  Rule: Visible cause

    @FIL-010/01 @sharing_service @core @copy
    Scenario: a copy shows its cause as a watermark
      Given a licence in the state VALID
      When the caller fetches a copy
      Then the copy shows its cause

  @MD-013
  Rule: Annotation of the file

    @MD-013/01 @sharing_service @core @copy
    Scenario: a copy carries time, creator and cause
      Given a licence in the state VALID
      When the caller fetches a copy
      Then the copy is annotated

    @MD-013/02 @sharing_service @core @copy
    Scenario: a copy with an expiry carries it
      Given a licence in the state VALID
      When the caller fetches a copy with "file.copy-expiry"
      Then the copy is annotated with an expiry

    @MD-013/03 @sharing_service @core @original
    Scenario: an original carries none of it
      Given a licence in the state VALID
      When the caller fetches the original
      Then the file is free of COPY_FIELDS

  @FIL-018
  Rule: Expiry and cause of a copy

    @FIL-018/01 @sharing_service @core @copy
    Scenario: an expiry in the future is accepted
      Given a licence in the state VALID
      When the caller fetches a copy with "file.copy-expiry"
      Then the request is accepted

    @FIL-018/02 @sharing_service @core @negative @twin:FIL-018/01 @copy
    Scenario: an expiry in the past is refused
      Given a licence in the state VALID
      When the caller fetches a copy with "file.copy-expiry-past"
      Then the request is refused as INVALID_REQUEST

    @FIL-018/03 @sharing_service @core @copy
    Scenario: a cause of 200 characters is accepted
      Given a licence in the state VALID
      When the caller fetches a copy with "file.copy-cause-200"
      Then the request is accepted

    @FIL-018/04 @sharing_service @core @negative @twin:FIL-018/03 @copy
    Scenario: a cause of 201 characters is refused
      Given a licence in the state VALID
      When the caller fetches a copy with "file.copy-cause-201"
      Then the request is refused as INVALID_REQUEST

  @FIL-019
  Rule: Who signs a copy

    @FIL-019/01 @sharing_service @core @copy
    Scenario: a copy is signed by its maker and covers everything
      Given a licence in the state VALID
      When the caller fetches a copy
      Then the signature of the file holds
      And the coverage of the file holds
      And the metadata of the file hold
