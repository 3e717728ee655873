using System.Runtime.InteropServices;

namespace Engine;

/// <summary>Deals examples out to parts: number i of the result is the part of example <c>order[i]</c>.</summary>
internal static class Partition
{
    /// <summary>⌈fraction·count⌉; a product that rounding has put a little above a whole number counts as that number.</summary>
    public static int Share(double fraction, int count) => (int)Math.Ceiling(fraction * count * (1 - 1e-12));

    /// <summary>Part 1 has the share of each class, at even distances in the order of the class; part 0 the others.</summary>
    public static int[] Stratified(int[] order, ReadOnlySpan<int> labels, double fraction)
    {
        int[] parts = new int[order.Length];
        Dictionary<int, int> seen = [];
        for (int i = 0; i < order.Length; i++)
        {
            ref int before = ref CollectionsMarshal.GetValueRefOrAddDefault(seen, labels[order[i]], out _);
            parts[i] = Share(fraction, before + 1) - Share(fraction, before);
            before++;
        }
        return parts;
    }

    /// <summary>The examples of each class go to the parts in turn, beginning where those of the class before have ended.</summary>
    public static int[] StratifiedFolds(int[] order, ReadOnlySpan<int> labels, int folds)
    {
        SortedDictionary<int, int> counts = [];
        foreach (int label in labels)
        {
            counts[label] = counts.GetValueOrDefault(label) + 1;
        }
        Dictionary<int, int> next = [];
        int start = 0;
        foreach ((int label, int count) in counts)
        {
            next.Add(label, start % folds);
            start += count;
        }
        int[] parts = new int[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            ref int part = ref CollectionsMarshal.GetValueRefOrAddDefault(next, labels[order[i]], out _);
            parts[i] = part;
            part = (part + 1) % folds;
        }
        return parts;
    }
}
