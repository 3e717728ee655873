using Engine.Kernels;

namespace Engine.Tests;

/// <summary>Sets the number of threads until it is disposed.</summary>
internal readonly struct Threads : IDisposable
{
    private readonly int _before;

    private Threads(int before) => _before = before;

    public static Threads Set(int count)
    {
        int before = Workers.Count;
        Workers.Count = count;
        return new Threads(before);
    }

    public void Dispose() => Workers.Count = _before;
}
