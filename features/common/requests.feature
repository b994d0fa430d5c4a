Feature: Well-formed and malformed requests
  How a server reads JSON, and what it says when it does not like it.

  @COM-004 @wire
  Rule: Unknown members

    @COM-004/01 @issuer @core
    Scenario: an unknown member is ignored at issue
      Given a registered person
      When the issuer issues the licence with "issue.unknown-member"
      Then the request is accepted

    @COM-004/02 @issuer @core
    Scenario: an unknown member is ignored in metadata
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.unknown-member"
      Then the request is accepted

  @COM-005 @wire
  Rule: Critical members

    @COM-005/01 @issuer @core
    Scenario: a known critical member is accepted
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.critical-known"
      Then the request is accepted

    @COM-005/02 @issuer @core @negative @twin:COM-005/01
    Scenario: an unknown critical member is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.critical-unknown"
      Then the request is refused as UNSUPPORTED_CRITICAL

  @COM-006 @wire
  Rule: Missing members

    @COM-006/01 @issuer @core
    Scenario: a complete issue request is accepted
      Given a registered person
      When the issuer issues the licence
      Then the request is accepted

    @COM-006/02 @issuer @core @negative @twin:COM-006/01
    Scenario: an issue request without type is refused
      Given a registered person
      When the issuer issues the licence with "issue.no-type"
      Then the request is refused as INVALID_REQUEST naming "certificateTypeCode"
      And the person has no licence

    @COM-006/03 @issuer @core @negative @twin:COM-006/01
    Scenario: an issue request without operator is refused
      Given a registered person
      When the issuer issues the licence with "issue.no-operator"
      Then the request is refused as INVALID_REQUEST naming "operator"
      And the person has no licence

    @COM-006/04 @issuer @core
    Scenario: a complete transition is accepted
      Given a licence in the state VALID
      When the issuer applies SUSPEND
      Then the request is accepted

    @COM-006/05 @issuer @core @negative @twin:COM-006/04
    Scenario: a transition without action is refused
      Given a licence in the state VALID
      When the issuer applies SUSPEND with "transition.no-action"
      Then the request is refused as INVALID_REQUEST naming "action"

    @COM-006/06 @issuer @core @negative @twin:COM-006/04
    Scenario: a transition without version is refused
      Given a licence in the state VALID
      When the issuer applies SUSPEND with "transition.no-version"
      Then the request is refused as INVALID_REQUEST naming "expectedStatusVersion"

    @COM-006/07 @sharing_service @core
    Scenario: a complete search is accepted
      Given a licence in the state VALID
      When the caller searches by holder
      Then the request is accepted

    @COM-006/08 @sharing_service @core @negative @twin:COM-006/07
    Scenario: a search without use is refused
      Given a licence in the state VALID
      When the caller searches by holder with "search.no-use"
      Then the request is refused as INVALID_REQUEST naming "use"

    @COM-006/09 @verifier @core @attributes
    Scenario: a complete verification is accepted
      Given a licence in the state VALID
      When the verifier checks the attributes
      Then the request is accepted

    @COM-006/10 @verifier @core @negative @twin:COM-006/09
    Scenario: a verification without assertions is refused
      Given a licence in the state VALID
      When the verifier checks the attributes with "attributes.no-assert"
      Then the request is refused as INVALID_REQUEST naming "assert"

    @COM-006/11 @sharing_service @core @audit
    Scenario: a complete audit search is accepted
      Given a licence in the state VALID
      When the auditor searches the audit
      Then the request is accepted

    @COM-006/12 @sharing_service @core @negative @twin:COM-006/11
    Scenario: an audit search without start is refused
      Given a licence in the state VALID
      When the auditor searches the audit with "audit.no-from"
      Then the request is refused as INVALID_REQUEST naming "from"

  @COM-007 @wire
  Rule: Wrong types

    @COM-007/01 @issuer @core
    Scenario: right types are accepted
      Given a registered person
      When the issuer issues the licence
      Then the request is accepted

    @COM-007/02 @issuer @core @negative @twin:COM-007/01
    Scenario: formats as text are refused
      Given a registered person
      When the issuer issues the licence with "issue.formats-text"
      Then the request is refused as INVALID_REQUEST naming "formats"
      And the person has no licence

    @COM-007/03 @issuer @core @negative @twin:COM-007/01
    Scenario: activate as text is refused
      Given a registered person
      When the issuer issues the licence with "issue.activate-text"
      Then the request is refused as INVALID_REQUEST naming "activate"
      And the person has no licence

    @COM-007/04 @issuer @core
    Scenario: a version as integer is accepted
      Given a licence in the state VALID
      When the issuer applies SUSPEND
      Then the request is accepted

    @COM-007/05 @issuer @core @negative @twin:COM-007/04
    Scenario: a version as text is refused
      Given a licence in the state VALID
      When the issuer applies SUSPEND with "transition.version-text"
      Then the request is refused as INVALID_REQUEST naming "expectedStatusVersion"

    @COM-007/06 @issuer @core @negative @twin:COM-007/04
    Scenario: a version with a fraction is refused
      Given a licence in the state VALID
      When the issuer applies SUSPEND with "transition.version-fraction"
      Then the request is refused as INVALID_REQUEST naming "expectedStatusVersion"

  @COM-008 @wire
  Rule: Duplicate keys

    @COM-008/01 @issuer @security
    Scenario: a single key is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @COM-008/02 @issuer @security @negative @twin:COM-008/01
    Scenario: a duplicate key is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.duplicate-key"
      Then the request is refused as INVALID_REQUEST

  @COM-009 @wire
  Rule: Encoding

    @COM-009/01 @issuer @security
    Scenario: UTF-8 is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @COM-009/<nn> @issuer @security @negative @twin:COM-009/01
    Scenario Outline: <defect> is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "<variation>"
      Then the request is refused as INVALID_REQUEST

      Examples:
        | nn | defect                | variation                |
        | 02 | invalid UTF-8         | metadata.invalid-utf8    |
        | 03 | a byte order mark     | metadata.byte-order-mark |
        | 04 | a lone surrogate      | metadata.lone-surrogate  |
        | 05 | text after the object | metadata.trailing-text   |

  @COM-010 @wire
  Rule: Numbers

    @COM-010/01 @issuer @security
    Scenario: an exact integer is accepted
      Given a licence in the state VALID
      When the issuer applies SUSPEND
      Then the request is accepted

    @COM-010/<nn> @issuer @security @negative @twin:COM-010/01
    Scenario Outline: <defect> is refused
      Given a licence in the state VALID
      When the issuer applies SUSPEND with "<variation>"
      Then the request is refused as INVALID_REQUEST
      And the licence reads VALID

      Examples:
        | nn | defect                | variation                |
        | 02 | an integer above 2^53 | transition.version-huge  |
        | 03 | a number without end  | transition.version-1e400 |

  @COM-011 @wire
  Rule: Depth

    @COM-011/01 @issuer @security
    Scenario: a flat request is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @COM-011/02 @issuer @security @negative @twin:COM-011/01
    Scenario: 10,000 levels are refused
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.deep"
      Then the request is refused as INVALID_REQUEST
      And the target still answers

  @COM-012 @wire
  Rule: Size

    @COM-012/01 @issuer @security
    Scenario: a body at the limit is accepted
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.body-at-limit"
      Then the request is accepted

    @COM-012/02 @issuer @security @negative @twin:COM-012/01
    Scenario: a body one byte over the limit is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.body-over-limit"
      Then the request is refused as TOO_LARGE
      And the target still answers

  @COM-013 @wire
  Rule: Method, media type, path

    @COM-013/01 @issuer @core
    Scenario: the right request is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @COM-013/02 @issuer @core @negative @twin:COM-013/01
    Scenario: a wrong method is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.wrong-method"
      Then the request is refused as METHOD_NOT_ALLOWED

    @COM-013/03 @issuer @core @negative @twin:COM-013/01
    Scenario: a wrong media type is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.wrong-media-type"
      Then the request is refused as UNSUPPORTED_MEDIA_TYPE

    @COM-013/04 @issuer @core @negative @twin:COM-013/01
    Scenario: an unknown path is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.unknown-path"
      Then the request is refused as NOT_FOUND

  @COM-016 @wire
  Rule: Error bodies

    @COM-016/01 @issuer @core
    Scenario: a refusal has the full error body
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.no-use"
      Then the error body is complete

  @COM-017
  Rule: Identifiers in the path

    @COM-017/01 @issuer @core
    Scenario: a known identifier is found
      Given a licence in the state VALID
      When the caller reads the status
      Then the request is accepted

    @COM-017/02 @issuer @core @negative @twin:COM-017/01
    Scenario: a malformed identifier is refused
      Given a licence in the state VALID
      When the caller reads the status with "status.identifier-wrong-check"
      Then the request is refused as INVALID_REQUEST naming "certificateIdentifier"

    @COM-017/03 @issuer @core @negative @twin:COM-017/01
    Scenario: a well-formed unknown identifier is not found
      Given a licence in the state VALID
      When the caller reads the status with "status.identifier-unknown"
      Then the request is refused as NOT_FOUND

  @COM-019 @wire
  Rule: Instants

    @COM-019/01 @sharing_service @core @audit
    Scenario: an instant in UTC is accepted
      Given a licence in the state VALID
      When the auditor searches the audit with "audit.from-utc"
      Then the request is accepted

    @COM-019/<nn> @sharing_service @core @negative @twin:COM-019/01 @audit
    Scenario Outline: <defect> is refused
      Given a licence in the state VALID
      When the auditor searches the audit with "<variation>"
      Then the request is refused as INVALID_REQUEST naming "from"

      Examples:
        | nn | defect                    | variation            |
        | 02 | an offset without colon   | audit.from-no-colon  |
        | 03 | an instant without offset | audit.from-no-offset |
        | 04 | hour 24                   | audit.from-hour-24   |
        | 05 | second 60                 | audit.from-second-60 |
        | 06 | a lower-case t            | audit.from-lower-t   |

  @IFC-019
  Rule: Nothing leaks in errors

    @IFC-019/01 @issuer @security
    Scenario: a refusal of hostile text shows no internals
      Given a registered person
      When the issuer issues the licence with "issue.hostile-text"
      Then the answer shows no internals

    @IFC-019/02 @issuer @security
    Scenario: a refusal does not repeat personal data
      Given a registered person
      When the issuer issues the licence with "issue.sex-differs"
      Then the answer holds nothing of the person
