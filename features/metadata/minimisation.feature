Feature: Only what is asked for
  Scopes, stated use and derived values.

  @MD-015
  Rule: Only the attributes asked for

    @MD-015/01 @issuer @core
    Scenario: the name alone is returned
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.name-only"
      Then the holder has only "name"

    @MD-015/02 @issuer @core
    Scenario: nothing asked returns nothing of the holder
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.nothing"
      Then the holder has nothing

    @MD-015/03 @issuer @core
    Scenario: the head members of a name-only answer hold no citizen number
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.name-only"
      Then the answer holds no citizen number

  @MD-016
  Rule: Stated use

    @MD-016/01 @issuer @core
    Scenario: a stated use is accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @MD-016/<nn> @issuer @core @negative @twin:MD-016/01
    Scenario Outline: <defect> is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "<variation>"
      Then the request is refused as INVALID_REQUEST naming "<member>"

      Examples:
        | nn | defect                    | variation            | member                   |
        | 02 | a missing use             | metadata.no-use      | use                      |
        | 03 | an empty cause            | metadata.cause-empty | use.certificateCopyCause |
        | 04 | a cause of 201 characters | metadata.cause-201   | use.certificateCopyCause |

    @MD-016/05 @issuer @core
    Scenario: a cause of 200 characters is accepted
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.cause-200"
      Then the request is accepted

  @MD-017
  Rule: Unknown scopes

    @MD-017/01 @issuer @core
    Scenario: known scopes are accepted
      Given a licence in the state VALID
      When the caller reads the metadata
      Then the request is accepted

    @MD-017/02 @issuer @core @negative @twin:MD-017/01
    Scenario: an unknown scope is refused
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.unknown-scope"
      Then the request is refused as INVALID_REQUEST naming "attributes[0]"

  @MD-018
  Rule: Masked values

    @MD-018/01 @issuer @core
    Scenario: masked values have the form of the profile
      Given a licence in the state VALID
      When the caller reads the metadata with "metadata.masked"
      Then the masked values are right

    @MD-018/02 @issuer @core
    Scenario: a rare character counts as one
      Given a licence in the state VALID for the person "extension-b"
      When the caller reads the metadata with "metadata.masked"
      Then the masked values are right

  @MD-019
  Rule: Age flags

    @MD-019/01 @issuer @core
    Scenario: on the 18th birthday the holder is over 18
      Given a licence in the state VALID for the person "18-today"
      When the caller reads the metadata with "metadata.age-flags"
      Then the age flags are right

    @MD-019/02 @issuer @core
    Scenario: one day before the 18th birthday the holder is not over 18
      Given a licence in the state VALID for the person "18-tomorrow"
      When the caller reads the metadata with "metadata.age-flags"
      Then the age flags are right
