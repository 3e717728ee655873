using System.Numerics;

namespace Engine.Kernels;

/// <summary>The element of each row of [rows, n] that belongs to the row's class, times the class's weight (1 without weights).</summary>
internal static class ClassElements
{
    /// <summary>losses ← −wₜ·xₜ, 0 in the rows of the ignored class.</summary>
    public static void Read<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights, int? ignored, Span<T> losses)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(classes.Length, losses.Length);
        int n = classes.IsEmpty ? 0 : x.Length / classes.Length;
        for (int row = 0; row < classes.Length; row++)
        {
            int target = classes[row];
            losses[row] = target == ignored ? T.Zero : -(Weight(weights, target) * x[row * n + target]);
        }
    }

    /// <summary>dxₜ ← dxₜ − wₜ·g/divisor, with one g for each row or for all.</summary>
    public static void Add<T>(
        Span<T> dx, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights, int? ignored, ReadOnlySpan<T> g, T divisor)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = classes.IsEmpty ? 0 : dx.Length / classes.Length;
        bool single = g.Length == 1;
        for (int row = 0; row < classes.Length; row++)
        {
            int target = classes[row];
            if (target != ignored)
            {
                dx[row * n + target] -= Weight(weights, target) * (g[single ? 0 : row] / divisor);
            }
        }
    }

    private static T Weight<T>(ReadOnlySpan<T> weights, int target) where T : unmanaged, IFloatingPointIeee754<T> =>
        weights.IsEmpty ? T.One : weights[target];
}
