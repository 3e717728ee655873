namespace Engine;

/// <summary>What can be told, from another thread, not to wait for its next item.</summary>
internal interface IStoppable
{
    /// <summary>Ends the waiting, which throws.</summary>
    void Stop();
}
