package dev.twinstream.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class GpuTest {
  @Test
  @EnabledOnOs(OS.LINUX)
  void shouldNameTheLibrariesThatTheLoaderDoesNotFind() {
    Map<String, String> libraries = new LinkedHashMap<>();
    libraries.put("libc.so.6", "the system");
    libraries.put("libnowhere.so.7", "nobody");
    assertThat(Gpu.missing(libraries)).containsExactly("libnowhere.so.7 (nobody)");
  }

  @Test
  void shouldSayWhyAnEncoderCannotUseTheGpu() {
    List<String> obstacles = Gpu.obstacles();
    assumeThat(obstacles).isNotEmpty();
    Bundle bundle = Bundle.load(Path.of("bundles", "untrained-64"));
    assertThatThrownBy(
            () -> new Encoder(bundle, new Encoder.Options(10, 10, 0, 0, Provider.CUDA)).close())
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("the GPU cannot be used")
        .hasMessageContaining(obstacles.get(0));
  }
}
