Feature: Batch verification
  Operation 15: many verifications in one call.

  @VER-020
  Rule: Item by item

    @VER-020/01 @verifier @core @attributes @batch
    Scenario: a batch answers as single calls do, in order
      Given a licence in the state VALID
      When the verifier checks the batch "batch.good-bad-unknown"
      Then the batch answers item by item as single calls do

  @VER-021
  Rule: Item ids

    @VER-021/01 @verifier @core @attributes @batch
    Scenario: different item ids are accepted
      Given a licence in the state VALID
      When the verifier checks the batch "batch.good-bad-unknown"
      Then the request is accepted

    @VER-021/02 @verifier @core @negative @twin:VER-021/01 @attributes @batch
    Scenario: a repeated item id is refused
      Given a licence in the state VALID
      When the verifier checks the batch "batch.repeated-id"
      Then the request is refused as INVALID_REQUEST

  @VER-022
  Rule: Size of a batch

    @VER-022/01 @verifier @core @attributes @batch
    Scenario: a batch of the declared size is accepted
      Given a licence in the state VALID
      When the verifier checks the batch "batch.at-limit"
      Then the request is accepted

    @VER-022/02 @verifier @core @negative @twin:VER-022/01 @attributes @batch
    Scenario: a larger batch is refused
      Given a licence in the state VALID
      When the verifier checks the batch "batch.over-limit"
      Then the request is refused as TOO_LARGE

    @VER-022/03 @verifier @core @negative @twin:VER-022/01 @attributes @batch
    Scenario: an empty batch is refused
      Given a licence in the state VALID
      When the verifier checks the batch "batch.empty"
      Then the request is refused as INVALID_REQUEST

  @VER-023
  Rule: One bad item

    @VER-023/01 @verifier @core @attributes @batch
    Scenario: a malformed item does not fail the others
      Given a licence in the state VALID
      When the verifier checks the batch "batch.one-malformed"
      Then only the malformed item has an error

  @VER-041
  Rule: A slow item

    @VER-041/01 @verifier @security @batch @trust_control @slow
    Scenario: a slow status of one licence leaves the other items alone
      When the verifier checks a batch of three files of which the second has a slow status
      Then the first file with the third is VALID
