// SPDX-License-Identifier: Apache-2.0
package io.github.kvist.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.kvist.api.Credentials;
import io.github.kvist.api.Secret;
import io.github.kvist.backend.Address.Host;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTest {

    @Test
    void everyPartIsTakenApart() {
        Address address = Address.parse("PostgreSQL://ann:s%40cret@one:5432,two/db%2Fx?schema=app&name=a%26b+c");

        assertThat(address.scheme()).isEqualTo("postgresql");
        assertThat(address.credentials()).isEqualTo(new Credentials("ann", new Secret("s@cret")));
        assertThat(address.hosts()).isEqualTo(List.of(new Host("one", 5432), new Host("two", 0)));
        assertThat(address.path()).isEqualTo("db/x");
        assertThat(address.parameters()).isEqualTo(Map.of("schema", "app", "name", "a&b+c"));
    }

    @Test
    void whatIsMissingIsEmpty() {
        Address address = Address.parse("redis://host");

        assertThat(address.credentials()).isNull();
        assertThat(address.path()).isEmpty();
        assertThat(address.parameters()).isEmpty();
        assertThat(address).hasToString("redis://host");
    }

    @Test
    void aHostMayBeANumberOfTheSixthVersion() {
        assertThat(Address.parse("redis://[::1]:6379").hosts()).containsExactly(new Host("::1", 6379));
        assertThat(Address.parse("redis://[::1]").hosts()).containsExactly(new Host("::1", 0));
        assertThat(Address.parse("redis://[::1]:6379")).hasToString("redis://[::1]:6379");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redis:host                | has no \"://\"",
                "://host                   | has no \"://\"",
                "redis://                  | names no host",
                "redis://:6379             | names no host",
                "redis://one,,two          | names no host",
                "redis://host:             | a port that is no number",
                "redis://host:0            | a port that is no number",
                "redis://host:65536        | a port that is no number",
                "redis://host:63x          | a port that is no number",
                "redis://ann:xhost:6379    | a colon in the name of a host",
                "redis://::1               | a colon in the name of a host",
                "redis://ann:s%4@host      | two hexadecimal digits",
                "redis://host?a            | a parameter without a value",
                "redis://host?=a           | a parameter without a value",
                "redis://host?a=1&a=2      | one twice",
                "redis://host?a=1&         | a parameter without a value",
                "redis://ann:1/x@host/db   | an @ behind its first /",
                "redis://ann:1?x=y@host/db | an @ behind its first /",
            })
    void whatIsMalformedIsRefused(String uri, String reason) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.parse(uri))
                .withMessageContaining(reason)
                .withNoCause();
    }

    @Property
    void aPasswordShowsNowhereHoweverItIsWritten(
            @ForAll @StringLength(max = 6) @CharRange(from = '!', to = '~') String before,
            @ForAll @StringLength(max = 6) @CharRange(from = '!', to = '~') String after) {
        String shown;
        try {
            shown = Address.parse("redis://ann:" + before + "CANARY" + after + "@host/db?a=b")
                    .toString();
        } catch (IllegalArgumentException refused) {
            shown = refused.toString() + refused.getCause();
        }

        assertThat(shown).doesNotContainIgnoringCase("CANARY");
    }

    @Property
    void aPasswordThatIsWrittenAsItShouldArrivesWhole(@ForAll String password) {
        String written = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");
        String asUtf8 = new String(password.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);

        Address address = Address.parse("redis://ann:" + written + "@host");

        assertThat(address.credentials()).isEqualTo(new Credentials("ann", new Secret(asUtf8)));
    }
}
