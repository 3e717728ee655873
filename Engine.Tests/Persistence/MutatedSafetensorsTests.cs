using System.Buffers.Binary;
using System.Text;

namespace Engine.Tests.Persistence;

/// <summary>Damaged files, against a second reader.</summary>
public sealed class MutatedSafetensorsTests
{
    private static readonly FileMutator s_mutator = new(
        "\"dtype\":\"F32\"", "\"shape\":[2,3]", "\"data_offsets\":[0,8]", "\"__metadata__\":{\"a\":\"b\"},", "\"F32\"", "\"F64\"",
            "\"BOOL\"", "\"F4\"", "\"U8\"",
        "[]", "{}", "[0]", ",", ":", "\\u0061", "\\ud800", "\\n", "\"\"", "null", "true", "-", ".", "e1", "\0", "ü", "\uFEFF", "[[[[[[",
        "\"a\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},", "\"shape\"", "\"dtype\"", "\"data_offsets\"");

    /// <summary>
    /// Every damaged file is read as the second reader reads it, or refused where that one refuses it. Catches: a file that ends in another
    /// exception or a hang, a length that is believed and allocated, a malformed file that is read, a sound one that is refused, a reading
    /// that cannot be written and read again.
    /// </summary>
    [Test]
    [Category("Slow")]
    public void Mutated_files_are_read_rightly_or_refused()
    {
        byte[][] seeds = [.. Seeds()];
        int count = Mutations.Count(20_000);
        int read = Mutations.CountRead(count, seed =>
        {
            byte[] file = s_mutator.Mutate(
                seeds[seed % seeds.Length], seed, 8, 8, static f => 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(f));
            using SafetensorsFile? actual = Mutations.Read(file.Length, () => SafetensorsBytes.Open(file));
            var expected = SafetensorsOracle.Read(file);
            if (actual is null != expected is null)
            {
                throw new InvalidOperationException($"{(actual is null ? "refused" : "read")}: {Encoding.Latin1.GetString(file)}");
            }
            if (actual is not null)
            {
                Compare(actual, expected!.Value.Tensors, expected.Value.Metadata);
            }
            return actual is not null;
        });
        Assert.That(
            read, Is.InRange(count / 100, count / 2), "mutations that nothing sees, or that are all seen at the first byte, test little");
    }

    private static void Compare(
        SafetensorsFile actual, Dictionary<string, (string Type, ulong[] Shape, byte[] Bytes)> expected, Dictionary<string,
            string> metadata)
    {
        Expect(actual.Tensors.Count == expected.Count && actual.Metadata.Count == metadata.Count, "counts");
        Expect(metadata.All(pair => actual.Metadata[pair.Key] == pair.Value), "metadata");
        foreach ((string name, (string type, ulong[] shape, byte[] bytes)) in expected)
        {
            StoredTensor stored = actual[name];
            Expect(SafetensorsTypes.NameOf(stored.Type) == type, "type");
            Expect(stored.Shape.Select(static extent => (ulong)extent).SequenceEqual(shape), "shape");
            Expect(SafetensorsBytes.Bytes(actual, name).AsSpan().SequenceEqual(bytes), "bytes");
        }
        byte[] canonical = SafetensorsBytes.Written(SafetensorsBytes.Contents(actual), actual.Metadata);
        using SafetensorsFile again = SafetensorsBytes.Open(canonical);
        Expect(SafetensorsBytes.Written(SafetensorsBytes.Contents(again), again.Metadata).AsSpan().SequenceEqual(canonical),
            "written again");

        static void Expect(bool holds, string what)
        {
            if (!holds)
            {
                throw new InvalidOperationException($"The two readers differ: {what}.");
            }
        }
    }

    private static IEnumerable<byte[]> Seeds()
    {
        yield return File.ReadAllBytes(GoldenFiles.PathOf("safetensors/sample.safetensors"));
        yield return File.ReadAllBytes(GoldenFiles.PathOf("safetensors/adamw-data.safetensors"));
        yield return SafetensorsBytes.Written([]);
        yield return SafetensorsBytes.Written(
            new Dictionary<string, TensorContent>
            {
                ["a"] = Tensor<float>.From(1, 2), ["\"\n"] = TensorContent.FromBytes(DataType.Float4, new byte[3], [6]),
            },
            new Dictionary<string, string> { ["k"] = "v", ["\\"] = "\u0001" });
        yield return SafetensorsBytes.Of(
            "{\"b\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]} , "
                + "\"e\":{\"dtype\":\"F32\",\"shape\":[0,7],\"data_offsets\":[1,1]},"
                + "\"a\":{\"shape\":[1,1],\"dtype\":\"F64\",\"data_offsets\":[1,9]}}", 9);
    }
}
