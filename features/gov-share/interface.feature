Feature: Sharing platform: information and files
  What platforms with a head/data interface refuse, and how links behave. Judged by what an answer means;
  which number says so stands in the target file.

  @IFC-003
  Rule: Stated use

    @IFC-003/01 @sharing_service @core
    Scenario: a request with a cause of use is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @IFC-003/02 @sharing_service @core @negative @twin:IFC-003/01
    Scenario: a request without a cause of use is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.no-use"
      Then the request is refused as INVALID_REQUEST naming "use"

  @IFC-004
  Rule: Length of the cause

    @IFC-004/01 @sharing_service @core
    Scenario: a cause of 200 characters is accepted
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.cause-200"
      Then the request is accepted

    @IFC-004/02 @sharing_service @core @negative @twin:IFC-004/01
    Scenario: a cause of 201 characters is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.cause-201"
      Then the request is refused as INVALID_REQUEST naming "use.certificateCopyCause"

  @IFC-006
  Rule: Right to the licence type

    @IFC-006/01 @sharing_service @core
    Scenario: a licence of a permitted type is shown
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @IFC-006/02 @sharing_service @core @negative @twin:IFC-006/01
    Scenario: a licence of another type is refused without data
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.identifier-other-type"
      Then the request is refused as FORBIDDEN
      And the answer holds nothing of the person

  @IFC-007
  Rule: Unknown licence

    @IFC-007/01 @sharing_service @core
    Scenario: a known licence is found
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @IFC-007/02 @sharing_service @core @negative @twin:IFC-007/01
    Scenario: an unknown licence is no empty success
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.identifier-unknown"
      Then the request is refused as NOT_FOUND

  @IFC-008
  Rule: Holder type

    @IFC-008/01 @sharing_service @core
    Scenario: holder type 111 is accepted
      Given a licence in the state VALID
      When the caller searches by holder with "search.holder-type-111"
      Then the request is accepted

    @IFC-008/02 @sharing_service @core @negative @twin:IFC-008/01
    Scenario: a holder type outside the list is refused
      Given a licence in the state VALID
      When the caller searches by holder with "search.holder-type-unknown"
      Then the request is refused as INVALID_REQUEST naming "certificateHolderTypeCode"

  @IFC-009
  Rule: Licence type

    @IFC-009/01 @sharing_service @core
    Scenario: the type of the identity card is accepted
      Given a licence in the state VALID
      When the caller searches by holder with "search.type-identity-card"
      Then the request is accepted

    @IFC-009/02 @sharing_service @core @negative @twin:IFC-009/01
    Scenario: a type that nobody published is refused
      Given a licence in the state VALID
      When the caller searches by holder with "search.type-unknown"
      Then the request is refused as INVALID_REQUEST naming "certificateTypeCode"

  @IFC-010
  Rule: Licences that may not be used

    @IFC-010/01 @sharing_service @core
    Scenario: a valid licence is shown
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @IFC-010/<nn> @sharing_service @core @negative @twin:IFC-010/01 @destructive
    Scenario Outline: of a licence in the state <state> only the state is told
      Given a licence in the state <state>
      When the caller reads the metadata
      Then the answer tells only that the licence is <state>
      And the answer holds nothing of the person

      Examples:
        | nn | state     |
        | 02 | REVOKED   |
        | 03 | EXPIRED   |
        | 04 | SUSPENDED |

  @IFC-012
  Rule: Links work once

    @IFC-012/01 @sharing_service @core @copy
    Scenario: a link gives the file
      Given a licence in the state VALID
      When the caller fetches a copy with "file.link"
      And the link is opened
      Then the structure of the file holds

    @IFC-012/02 @sharing_service @core @negative @twin:IFC-012/01 @copy
    Scenario: a link is gone after its use
      Given a licence in the state VALID
      When the caller fetches a copy with "file.link"
      And the link is opened
      And the link is opened
      Then the request is refused as GONE

  @IFC-013
  Rule: Life of links

    @IFC-013/01 @sharing_service @core @negative @twin:IFC-012/01 @copy @clock_control @exclusive
    Scenario: a link is gone after its life
      Given a licence in the state VALID
      When the caller fetches a copy with "file.link"
      And the life of the link is over
      And the link is opened
      Then the request is refused as GONE

  @IFC-014
  Rule: Ids of links

    @IFC-014/01 @sharing_service @security @copy
    Scenario: the ids of links are random
      Given a licence in the state VALID
      When the caller fetches a copy with "file.link"
      Then the ids of two links of copies have nothing in common

  @IFC-015
  Rule: Expiry of a copy

    @IFC-015/01 @sharing_service @core @copy
    Scenario: an expiry in the future is accepted
      Given a licence in the state VALID
      When the caller fetches a copy with "file.copy-expiry"
      Then the request is accepted

    @IFC-015/02 @sharing_service @core @negative @twin:IFC-015/01 @copy
    Scenario: an expiry in the past is refused as a parameter error
      Given a licence in the state VALID
      When the caller fetches a copy with "file.copy-expiry-past"
      Then the request is refused as INVALID_REQUEST
