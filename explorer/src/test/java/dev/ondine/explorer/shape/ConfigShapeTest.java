package dev.ondine.explorer.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.ondine.files.ModelFileException;
import dev.ondine.roofline.catalogue.Catalogue;
import dev.ondine.roofline.catalogue.ModelCard;
import dev.ondine.roofline.shape.ModelShape;
import dev.ondine.roofline.shape.StoredFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations as they were published with the weights, without what no shape depends on. */
class ConfigShapeTest {

    @TempDir
    private Path folder;

    private ModelShape read(String json) throws IOException {
        Path file = folder.resolve("config.json");
        Files.writeString(file, "{" + json.replace('\'', '"') + "}");
        return ShapeFile.read(file);
    }

    private static String llamaLike(String type, int dim, int layers, int heads, int kvHeads, int inner, int vocab, String more) {
        return ("'model_type':'%s','hidden_size':%d,'num_hidden_layers':%d,'num_attention_heads':%d,'num_key_value_heads':%d,"
                + "'intermediate_size':%d,'vocab_size':%d,'max_position_embeddings':32768%s").formatted(type, dim, layers, heads, kvHeads,
                inner, vocab, more);
    }

    /** What the published weight files of these models hold. */
    @ParameterizedTest(name = "{0} {1} x {2}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "llama; 4096; 32; 32; 32; 11008; 32000; ; 6738415616",
        "llama; 2048; 16; 32; 8; 8192; 128256; ,'tie_word_embeddings':true,'head_dim':64; 1235814400",
        "mistral; 4096; 32; 32; 8; 14336; 32000; ,'sliding_window':4096; 7241732096",
        "mixtral; 4096; 32; 32; 8; 14336; 32000; ,'num_local_experts':8,'num_experts_per_tok':2,'sliding_window':null; 46702792704",
        "qwen2; 3584; 28; 28; 4; 18944; 152064; ,'sliding_window':131072,'use_sliding_window':false; 7615616512",
        "qwen3; 4096; 36; 32; 8; 12288; 151936; ,'head_dim':128; 8190735360",
        "qwen3_moe; 2048; 48; 32; 4; 6144; 151936; ,'head_dim':128,'moe_intermediate_size':768,'num_experts':128,"
                + "'num_experts_per_tok':8; 30532122624",
        "gemma; 2048; 18; 8; 1; 16384; 256000; ,'head_dim':256; 2506172416",
        "gemma2; 2304; 26; 8; 4; 9216; 256000; ,'head_dim':256,'sliding_window':4096; 2614341888",
        "gemma3_text; 1152; 26; 4; 1; 6912; 262144; ,'head_dim':256,'sliding_window':512,'sliding_window_pattern':6; 999885952",
        "phi3; 3072; 32; 32; 32; 8192; 32064; ,'sliding_window':2047; 3821079552",
        "gpt_oss; 2880; 24; 64; 8; 2880; 201088; ,'head_dim':64,'num_local_experts':32,'num_experts_per_tok':4,"
                + "'sliding_window':128; 20914757184"})
    void descendantsOfLlamaHaveTheirParameters(String type, int dim, int layers, int heads, int kvHeads, int inner, int vocab, String more,
            long parameters) throws IOException {
        assertThat(read(llamaLike(type, dim, layers, heads, kvHeads, inner, vocab, more == null ? "" : more)).parameters())
                .isEqualTo(parameters);
    }

    private static final String DEEPSEEK = llamaLike("%s", 2048, 27, 16, 16, 10944, 102400, ",'kv_lora_rank':512,'q_lora_rank':null,"
            + "'qk_nope_head_dim':128,'qk_rope_head_dim':64,'v_head_dim':128,'n_routed_experts':64,'num_experts_per_tok':6,"
            + "'n_shared_experts':2,'moe_intermediate_size':1408,'first_k_dense_replace':1");

    /** arXiv:2405.04434, DeepSeek-V2-Lite: 15.7 billion, 2.4 of them active besides embeddings. */
    @Test
    void deepSeekHasLatentAttentionAndSharedExperts() throws IOException {
        ModelShape shape = read(DEEPSEEK.formatted("deepseek_v2"));
        assertThat(shape.parameters()).isEqualTo(15_706_484_224L);
        assertThat(shape.kvElementsPerToken()).isEqualTo(27L * 576);
        assertThat((shape.activeParameters() - 2 * 102_400L * 2048) / 1e9).isCloseTo(2.24, within(0.05));
    }

    /** The published files: GPT-2, OPT-1.3B, BLOOM-560M, Falcon-7B and 40B with tied embeddings, Phi-2. */
    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "'model_type':'gpt2','n_embd':768,'n_layer':12,'n_head':12,'n_positions':1024,'vocab_size':50257; 124439808",
        "'model_type':'opt','hidden_size':2048,'num_hidden_layers':24,'num_attention_heads':32,'ffn_dim':8192,'vocab_size':50272,"
                + "'max_position_embeddings':2048,'word_embed_proj_dim':2048; 1315758080",
        "'model_type':'bloom','n_embed':1024,'n_layer':24,'num_attention_heads':16,'vocab_size':250880; 559214592",
        "'model_type':'falcon','hidden_size':4544,'num_hidden_layers':32,'num_attention_heads':71,'multi_query':true,"
                + "'parallel_attn':true,'bias':false,'vocab_size':65024; 6921720704",
        "'model_type':'falcon','hidden_size':8192,'num_hidden_layers':60,'num_attention_heads':128,'num_kv_heads':8,"
                + "'new_decoder_architecture':true,'vocab_size':65024; 41303293952",
        "'model_type':'phi','hidden_size':2560,'num_hidden_layers':32,'num_attention_heads':32,'intermediate_size':10240,"
                + "'vocab_size':51200; 2779683840",
        "'model_type':'mamba','hidden_size':768,'num_hidden_layers':24,'state_size':16,'conv_kernel':4,'expand':2,"
                + "'time_step_rank':48,'vocab_size':50280; 129135360",
        "'d_model':2560,'n_layer':64,'vocab_size':50277,'ssm_cfg':{}; 2768345600",
        "'model_type':'rwkv','hidden_size':768,'num_hidden_layers':12,'vocab_size':50277,'context_length':1024; 169342464"})
    void olderAndRecurrentModelsHaveTheirParameters(String json, long parameters) throws IOException {
        assertThat(read(json).parameters()).isEqualTo(parameters);
    }

    @Test
    void stateIsThatOfTheArchitecture() throws IOException {
        assertThat(StoredFormat.F16.bytes(read("'d_model':2560,'n_layer':64,'vocab_size':50277,'ssm_cfg':{}").stateElements()) / 1e6)
                .isCloseTo(13.1, within(0.05));
        assertThat(read("'model_type':'rwkv5','hidden_size':4096,'num_hidden_layers':32,'vocab_size':65536,'head_size':64").stateElements())
                .isEqualTo(32L * 4096 * 66);
    }

    @Test
    void aLanguageModelAmongPartsIsFound() throws IOException {
        ModelShape shape = read("'model_type':'gemma3','text_config':{'model_type':'gemma3_text','hidden_size':2560,'intermediate_size':10240,"
                + "'num_hidden_layers':34,'sliding_window':1024},'vision_config':{'model_type':'siglip_vision_model'}");
        assertThat(shape.parameters() / 1e9).isCloseTo(3.88, within(0.005));
        assertThat(shape.attention()).extracting("layers").containsExactly(5, 29);
        assertThat(shape.kvElementsPerToken()).isEqualTo(34L * 2 * 4 * 256);
    }

    @Test
    void layerTypesSayWhichLayersHaveWindows() throws IOException {
        ModelShape shape = read(llamaLike("gpt_oss", 64, 3, 4, 2, 96, 100, ",'num_local_experts':4,'num_experts_per_tok':2,'sliding_window':128,"
                + "'layer_types':['sliding_attention','full_attention','sliding_attention']"));
        assertThat(shape.attention()).extracting("layers").containsExactly(1, 2);
    }

    /** A configuration and the card of the same model agree. */
    @Test
    void agreesWithTheCatalogue() throws IOException {
        ModelCard card = Catalogue.builtIn().model("qwen2.5-7b");
        ModelShape shape = read(llamaLike("qwen2", 3584, 28, 28, 4, 18944, 152064, ""));
        assertThat(shape.weights()).isEqualTo(card.shape().weights());
        assertThat(shape.attention()).isEqualTo(card.shape().attention());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '`', value = {
        "'model_type':'retnet'; \"model_type\" is \"retnet\", expected one of bloom, deepseek_v2",
        "'model_type':'llama'; \"num_hidden_layers\" is missing",
        "'model_type':7; \"model_type\" is 7, expected a string",
        "'model_type':'llama','num_hidden_layers':-2; \"num_hidden_layers\" is -2, expected a whole number from 1 to 10000",
        "'model_type':'llama','num_hidden_layers':1e3; \"num_hidden_layers\" is 1000.0, expected a whole number",
        "'model_type':'llama','num_hidden_layers':2,'hidden_size':99999999999999999999; \"hidden_size\" is 99999999999999999999, expected",
        "'model_type':'llama','num_hidden_layers':2,'hidden_size':64,'num_attention_heads':4,"
                + "'num_key_value_heads':8; \"num_key_value_heads\" is 8, expected a whole number from 1 to 4",
        "'model_type':'opt','hidden_size':1024,'word_embed_proj_dim':512; \"word_embed_proj_dim\" is 512, expected hidden_size",
        "'model_type':'gpt2','n_embd':16777216,'n_layer':10000,'n_head':1,'n_positions':9,'vocab_size':9; describes no model that can be (",
        "'model_type':; is no JSON"})
    void badFieldsAreNamed(String json, String message) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(ModelFileException.class).hasMessageContaining("config.json: ")
                .hasMessageContaining(message);
    }
}
