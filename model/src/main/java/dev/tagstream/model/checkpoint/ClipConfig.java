package dev.tagstream.model.checkpoint;

/**
 * What {@code config.json} says of a CLIP model, with the defaults of Hugging Face's {@code
 * CLIPConfig} for what it leaves out.
 *
 * @param vision the image tower's transformer
 * @param imageSize width and height of the square input, in pixels
 * @param patchSize width and height of a patch, in pixels
 * @param text the text tower's transformer
 * @param vocabularySize rows of the token embedding
 * @param contextLength most tokens of a prompt, both special tokens included
 * @param eosTokenId the token whose output is the prompt's embedding; 2 marks configurations
 *     written before transformers 4.31, where the highest id of the prompt takes that part
 * @param projectionDimension length of an embedding
 */
public record ClipConfig(
    TowerConfig vision,
    int imageSize,
    int patchSize,
    TowerConfig text,
    int vocabularySize,
    int contextLength,
    int eosTokenId,
    int projectionDimension) {

  /** Colour channels of the input: CLIP models read RGB. */
  public static final int CHANNELS = 3;

  /** Patches along one side; pixels beyond the last whole patch are not looked at. */
  public int patchesPerSide() {
    return imageSize / patchSize;
  }

  /** Tokens of the image tower: one for each patch and the class token. */
  public int imageTokens() {
    return patchesPerSide() * patchesPerSide() + 1;
  }

  /** Numbers in one flattened patch. */
  public int patchWidth() {
    return CHANNELS * patchSize * patchSize;
  }
}
