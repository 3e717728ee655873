namespace Engine.Kernels;

/// <summary>
/// Work divided into numbered tasks that is an object: for work that holds references, or is kept from one call to the next.
/// </summary>
internal abstract class ParallelWork
{
    /// <summary>Runs task number <paramref name="task"/>.</summary>
    internal abstract void Run(int task);
}
