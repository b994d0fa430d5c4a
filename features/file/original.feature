Feature: Licence files of an issuer
  Operation 4: what an issuer hands out is opened, parsed, verified and compared.

  @FIL-001
  Rule: Structure of the file

    @FIL-001/01 @issuer @core @original
    Scenario: an original is a readable OFD document
      Given a licence in the state VALID
      When the caller fetches the original
      Then the structure of the file holds

    @FIL-001/02 @issuer @core @original
    Scenario: the file of a person with a middle dot in the name is readable
      Given a licence in the state VALID for the person "middle-dot"
      When the caller fetches the original
      Then the structure of the file holds

  @FIL-002
  Rule: Embedded metadata

    @FIL-002/01 @issuer @core @original
    Scenario: every metadata item is embedded once
      Given a licence in the state VALID
      When the caller fetches the original
      Then the file is free of META_MISSING META_DUPLICATE LICENCE_ID_BAD TYPE_CODE

  @FIL-003
  Rule: Three ways to the same data

    @FIL-003/01 @issuer @core @original
    Scenario: file, page and interface agree
      Given a licence in the state VALID
      When the caller fetches the original
      Then file, page and interface agree

    @FIL-003/02 @issuer @core @original
    Scenario: file, page and interface agree for a long-term licence
      Given a licence in the state VALID for the person "senior"
      When the caller fetches the original
      Then file, page and interface agree

  @FIL-004
  Rule: Spelling of the metadata elements

    @FIL-004/01 @issuer @core @original
    Scenario: metadata stand in CustomDatas and CustomData
      Given a licence in the state VALID
      When the caller fetches the original
      Then the file is free of META_MISSING

  @FIL-005
  Rule: Seal and coverage

    @FIL-005/01 @issuer @core @original
    Scenario: the seal of an original holds
      Given a licence in the state VALID
      When the caller fetches the original
      Then the signature of the file holds
      And the seal of the file holds
      And the trust of the file holds

    @FIL-005/02 @issuer @core @original
    Scenario: the seal covers everything that is reachable
      Given a licence in the state VALID
      When the caller fetches the original
      Then the coverage of the file holds

  @FIL-013
  Rule: What is announced

    @FIL-013/01 @issuer @core @original
    Scenario: size, digest and type are those of the file
      Given a licence in the state VALID
      When the caller fetches the original
      Then the file is as announced

    @FIL-013/02 @issuer @core @original
    Scenario: the issue answer announces the file that is handed out
      Given a registered person
      When the issuer issues the licence
      Then the issue answer announces the file

  @FIL-014
  Rule: Who may have originals

    @FIL-014/01 @issuer @core @original
    Scenario: a caller with the right gets the original
      Given a licence in the state VALID
      When the caller fetches the original
      Then the request is accepted

    @FIL-014/02 @issuer @core @negative @twin:FIL-014/01 @original @second_caller
    Scenario: a caller without the right gets none
      Given a licence in the state VALID
      When the second caller fetches the original
      Then the request is refused as FORBIDDEN

  @FIL-015
  Rule: No second signing

    @FIL-015/01 @issuer @full @original
    Scenario: the original is the same bytes each time
      Given a licence in the state VALID
      And the caller has fetched the original
      When the caller fetches the original
      Then both files are the same bytes

  @FIL-016
  Rule: Links work once

    @FIL-016/01 @issuer @core @original
    Scenario: a link gives the file
      Given a licence in the state VALID
      When the caller fetches the original with "file.link"
      And the link is opened
      Then the structure of the file holds

    @FIL-016/02 @issuer @core @negative @twin:FIL-016/01 @original
    Scenario: a link is gone after its use
      Given a licence in the state VALID
      When the caller fetches the original with "file.link"
      And the link is opened
      And the link is opened
      Then the request is refused as GONE

  @FIL-017
  Rule: Links cannot be guessed

    @FIL-017/01 @issuer @security @original
    Scenario: the ids of links are random
      Given a licence in the state VALID
      When the caller fetches the original with "file.link"
      Then the ids of two links have nothing in common

    @FIL-017/02 @issuer @security @negative @twin:FIL-016/01 @original
    Scenario: an altered link leads nowhere
      Given a licence in the state VALID
      When the caller fetches the original with "file.link"
      And a link with another id is opened
      Then the request is refused as NOT_FOUND

  @FIL-020
  Rule: Nothing active

    @FIL-020/01 @issuer @security @original
    Scenario: the file opens nothing by itself
      Given a licence in the state VALID
      When the caller fetches the original
      Then the file is free of ACTIVE_CONTENT

  @FIL-023
  Rule: Metadata, index, page and attachment

    @FIL-023/01 @issuer @core @original
    Scenario: everything inside the file agrees
      Given a licence in the state VALID
      When the caller fetches the original
      Then the metadata of the file hold

  @FIL-024
  Rule: Links live for the time declared

    @FIL-024/01 @issuer @core @negative @twin:FIL-016/01 @original @clock_control @exclusive
    Scenario: a link is gone after its life
      Given a licence in the state VALID
      When the caller fetches the original with "file.link"
      And the life of the link is over
      And the link is opened
      Then the request is refused as GONE

  @FIL-025
  Rule: Files are audited

    @FIL-025/01 @issuer @core @original @audit
    Scenario: fetching a file is in the audit
      Given a licence in the state VALID
      And the caller has fetched the original
      When the auditor searches the audit
      Then the audit has the operation "issuer.file"

  @FIL-026
  Rule: Formats

    @FIL-026/01 @issuer @core
    Scenario: a licence is issued as OFD
      Given a registered person
      When the issuer issues the licence
      Then the request is accepted

    @FIL-026/02 @issuer @core @negative @twin:FIL-026/01
    Scenario: a request without any format is refused
      Given a registered person
      When the issuer issues the licence with "issue.formats-empty"
      Then the request is refused as INVALID_REQUEST

    @FIL-026/03 @issuer @full @negative @twin:FIL-026/01
    Scenario: a format that is not declared is refused as such
      Given a registered person
      When the issuer issues the licence with "issue.formats-pdf"
      Then the request is refused as UNSUPPORTED_FORMAT

    @FIL-026/04 @issuer @full @negative @twin:FIL-014/01 @original
    Scenario: a file in a format that is not declared is refused as such
      Given a licence in the state VALID
      When the caller fetches the original with "file.format-pdf"
      Then the request is refused as UNSUPPORTED_FORMAT

    @FIL-026/05 @issuer @full @negative @twin:FIL-014/01 @original
    Scenario: a file in an unknown format is refused
      Given a licence in the state VALID
      When the caller fetches the original with "file.format-unknown"
      Then the request is refused as INVALID_REQUEST
