Feature: Search
  Operation 9: the directory of licences.

  @IFC-011
  Rule: By holder and by identifier

    @IFC-011/01 @sharing_service @core
    Scenario: the search finds the licence of the holder
      Given a licence in the state VALID
      When the caller searches by holder
      Then the search finds the licence with its status

    @IFC-011/02 @sharing_service @core
    Scenario: the licence of another holder is not found
      Given two licences in the state VALID
      When the caller searches by holder
      Then the search finds no licence of the other person

    @IFC-011/03 @sharing_service @core @suspend
    Scenario: the search finds a suspended licence as such
      Given a licence in the state SUSPENDED
      When the caller searches by holder
      Then the search finds the licence as SUSPENDED

  @IFC-022
  Rule: Nothing found

    @IFC-022/01 @sharing_service @core
    Scenario: a person without licence gives an empty list
      Given a registered person
      When the caller searches by holder
      Then the search finds nothing

  @IFC-023
  Rule: Pages

    @IFC-023/01 @sharing_service @core @destructive
    Scenario: pages are complete without repeats
      Given a person with three licences
      When the caller searches page by page
      Then the pages hold each licence once

    @IFC-023/02 @sharing_service @core @destructive
    Scenario: pages are complete without repeats while a licence is issued
      Given a person with three licences
      When the caller searches page by page while a licence is issued
      Then the pages hold each licence once

  @IFC-024
  Rule: Page size

    @IFC-024/01 @sharing_service @core
    Scenario: page size 100 is accepted
      Given a licence in the state VALID
      When the caller searches by holder with "search.page-100"
      Then the request is accepted

    @IFC-024/02 @sharing_service @core @negative @twin:IFC-024/01
    Scenario: page size 0 is refused
      Given a licence in the state VALID
      When the caller searches by holder with "search.page-0"
      Then the request is refused as INVALID_REQUEST naming "pageSize"

    @IFC-024/03 @sharing_service @core @negative @twin:IFC-024/01
    Scenario: page size 101 is refused
      Given a licence in the state VALID
      When the caller searches by holder with "search.page-101"
      Then the request is refused as INVALID_REQUEST naming "pageSize"

  @IFC-025
  Rule: Status filter

    @IFC-025/01 @sharing_service @core
    Scenario: the filter finds a licence of its status
      Given a licence in the state VALID
      When the caller searches by holder with "search.status-valid"
      Then the search finds the licence with its status

    @IFC-025/02 @sharing_service @core
    Scenario: the filter leaves out other states
      Given a licence in the state VALID
      When the caller searches by holder with "search.status-revoked"
      Then the search finds nothing

  @IFC-026
  Rule: No attributes in items

    @IFC-026/01 @sharing_service @core
    Scenario: items hold nothing of the holder
      Given a licence in the state VALID
      When the caller searches by holder
      Then the answer holds nothing of the person
