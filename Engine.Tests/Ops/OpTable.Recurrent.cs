using System.Numerics;

namespace Engine.Tests;

internal static partial class OpTable<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The steps of recurrent layers.</summary>
    private static OpCase<T>[] Recurrent =>
    [
        new(
            "LstmCell", "LstmCell", static x => x[0].LstmCell(x[1], x[2]), [[3, 8], [3, 8], [3, 2]], [[1, 4], [1, 4], [1, 1]],
            [[2, 44], [2, 44], [2, 11]], [[0, 8], [0, 8], [0, 2]]) { Draw = static d => [[d.N, 4 * d.A], [d.N, 4 * d.A], [d.N, d.A]] },
        new(
            "GruCell", "GruCell", static x => x[0].GruCell(x[1], x[2]), [[3, 6], [3, 6], [3, 2]], [[1, 3], [1, 3], [1, 1]],
            [[2, 33], [2, 33], [2, 11]], [[0, 6], [0, 6], [0, 2]]) { Draw = static d => [[d.N, 3 * d.A], [d.N, 3 * d.A], [d.N, d.A]] },
    ];
}
