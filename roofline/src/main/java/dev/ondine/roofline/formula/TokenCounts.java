package dev.ondine.roofline.formula;

/** How many tokens pictures, sounds and movements become. */
public final class TokenCounts {

    /** Frames that EnCodec at 24 kHz and SoundStream make of a second. */
    public static final double CODEC_FRAMES_PER_SECOND = 75;

    /** Bits per token of a codebook with 1024 entries. */
    private static final double CODEBOOK_BITS = 10;

    private static final int TILE = 512;
    private static final int TILE_TOKENS = 170;
    private static final int OVERVIEW_TOKENS = 85;
    private static final double LONG_SIDE = 2048;
    private static final double SHORT_SIDE = 768;

    private TokenCounts() {
    }

    /**
     * Patches of a picture, the class token aside; a last patch that is not full is cut off.
     *
     * @see <a href="https://arxiv.org/abs/2010.11929">Dosovitskiy et al., ViT</a>
     */
    public static long patches(int width, int height, int patch) {
        requirePicture(width, height);
        Require.within("patch size", patch, 1, Math.min(width, height));
        return (long) (width / patch) * (height / patch);
    }

    /**
     * Tokens of a picture in fine detail as GPT-4o counts them: fitted into 2048 x 2048, then to a short side of 768, then
     * 85 + 170 for each tile of 512 x 512. The source is silent about small pictures; here they are not enlarged.
     *
     * @see <a href="https://platform.openai.com/docs/guides/images-vision">OpenAI, Images and vision</a>
     */
    public static long tiled(int width, int height) {
        requirePicture(width, height);
        double fit = Math.min(1, LONG_SIDE / Math.max(width, height));
        double scale = fit * Math.min(1, SHORT_SIDE / (fit * Math.min(width, height)));
        return OVERVIEW_TOKENS + TILE_TOKENS * tiles(Math.round(width * scale)) * tiles(Math.round(height * scale));
    }

    /** Tokens of a picture at a glance, as GPT-4o counts them. */
    public static long glance() {
        return OVERVIEW_TOKENS;
    }

    /**
     * Tokens per second of sound of a codec with residual codebooks.
     *
     * @param bitsPerSecond 1500 to 24,000; each codebook takes 10 bits of each of 75 frames
     * @see <a href="https://arxiv.org/abs/2210.13438">Défossez et al., EnCodec</a>
     */
    public static double codecPerSecond(double bitsPerSecond) {
        return CODEC_FRAMES_PER_SECOND * codebooks(bitsPerSecond);
    }

    /** Codebooks that a bit rate pays for. */
    public static long codebooks(double bitsPerSecond) {
        return Math.round(Require.positive("bit rate", bitsPerSecond) / (CODEC_FRAMES_PER_SECOND * CODEBOOK_BITS));
    }

    /**
     * Positions per second that a speech encoder gives.
     *
     * @param samplesPerSecond 16,000
     * @param hop              samples from one spectrum to the next, 160
     * @param stride           of the encoder's convolutions, 2
     * @see <a href="https://arxiv.org/abs/2212.04356">Radford et al., Whisper</a>
     */
    public static double speechPerSecond(double samplesPerSecond, double hop, double stride) {
        return samplesPerSecond / hop / stride;
    }

    /** Frames or control steps per second x tokens of each: video, and actions of a robot. */
    public static double perSecond(double rate, double tokensEach) {
        return Require.notNegative("rate", rate) * Require.notNegative("number of tokens", tokensEach);
    }

    private static long tiles(long pixels) {
        return Math.ceilDiv(Math.max(pixels, 1), TILE);
    }

    private static void requirePicture(int width, int height) {
        Require.within("width", width, 1, 1_000_000);
        Require.within("height", height, 1, 1_000_000);
    }
}
