using System.Buffers.Binary;
using System.Text;

namespace Engine.Tests.Persistence;

/// <summary>Damages a file: the same seed gives the same damage.</summary>
/// <param name="words">What is put in besides random bytes.</param>
internal sealed class FileMutator(params string[] words)
{
    private static readonly string[] s_numbers =
    [
        "0", "1", "-1", "2", "3", "4", "7", "8", "16", "255", "65536", "2147483647", "2147483648", "4294967296", "9223372036854775807",
        "9223372036854775808", "18446744073709551615", "18446744073709551616", "1e9", "00", "1.0", "99999999", "100000001",
    ];

    /// <summary>A copy with one to four damages, and then often with a length of the header that is right again.</summary>
    public byte[] Mutate(byte[] file, int seed, int lengthBytes, int headerStart, Func<byte[], int> headerEnd)
    {
        Random random = new(seed);
        List<byte> bytes = [.. file];
        int before = headerEnd(file);
        for (int i = random.Next(4); i >= 0; i--)
        {
            // mostly in the header: damage of the data is not to be seen
            Damage(bytes, random, random.Next(8) == 0 ? bytes.Count : Math.Min(bytes.Count, before));
        }
        byte[] result = [.. bytes];
        if (random.Next(3) > 0 && result.Length >= headerStart)
        {
            long length = Math.Max(0, before - headerStart + result.Length - file.Length);
            Span<byte> prefix = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(prefix, length);
            prefix[..lengthBytes].CopyTo(result.AsSpan(headerStart - lengthBytes));
        }
        return result;
    }

    private void Damage(List<byte> bytes, Random random, int end)
    {
        int at = end == 0 ? 0 : random.Next(end), length = Math.Min(random.Next(1, 40), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, length);
                break;
            case 3:
                bytes.InsertRange(random.Next(end + 1), bytes.GetRange(at, length));
                break;
            case 4 when random.Next(4) == 0:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.InsertRange(at, Encoding.UTF8.GetBytes(words[random.Next(words.Length)]));
                break;
            case 6:
                ReplaceNumber(bytes, random, at, end);
                break;
            case 7:
                (string Old, string New) words2 = (words[random.Next(words.Length)], words[random.Next(words.Length)]);
                ReplaceWord(bytes, words2.Old, words2.New);
                break;
            default:
                bytes.Insert(at, (byte)" \t{}[](),:'\"\\0L"[random.Next(15)]);
                break;
        }
    }

    private static void ReplaceNumber(List<byte> bytes, Random random, int at, int end)
    {
        int start = at;
        while (start < end && !char.IsAsciiDigit((char)bytes[start]))
        {
            start++;
        }
        int stop = start;
        while (stop < end && char.IsAsciiDigit((char)bytes[stop]))
        {
            stop++;
        }
        bytes.RemoveRange(start, stop - start);
        bytes.InsertRange(start, Encoding.ASCII.GetBytes(s_numbers[random.Next(s_numbers.Length)]));
    }

    private static void ReplaceWord(List<byte> bytes, string old, string replacement)
    {
        byte[] copy = [.. bytes];
        int at = copy.AsSpan().IndexOf(Encoding.UTF8.GetBytes(old));
        if (at >= 0)
        {
            bytes.RemoveRange(at, Encoding.UTF8.GetByteCount(old));
            bytes.InsertRange(at, Encoding.UTF8.GetBytes(replacement));
        }
    }
}
