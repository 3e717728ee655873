namespace Engine.Bench;

/// <summary>Runs the comparison named by the first word; the rest of the words are its own.</summary>
internal static class Program
{
    private static readonly (string Word, string Says, Func<string[], int> Run)[] Comparisons =
    [
        ("four-ways", "AdamW as a scalar loop, as TensorPrimitives calls, as a sweep of 256 and of 512 bits", AdamWFourWays.Run),
        ("steps", "whole optimizer steps, beside PyTorch with --torch=FILE", StepsComparison.Run),
        ("rules", "one step of every elementwise rule against fused C++ loops", RulesComparison.Run),
        ("matmul", "matrix product against OpenBLAS, one and two threads", MatrixProductComparison.Run),
    ];

    private static int Main(string[] words)
    {
        foreach (var (word, _, run) in Comparisons)
        {
            if (words.Length > 0 && words[0] == word)
            {
                return run(words[1..]);
            }
        }
        Console.Error.WriteLine(words.Length == 0 ? "Which comparison?" : $"There is no comparison '{words[0]}'.");
        foreach (var (word, says, _) in Comparisons)
        {
            Console.Error.WriteLine($"  {word,-12} {says}");
        }
        return 2;
    }
}
